"""No step of a ceremony can be skipped or repeated, whatever the order of the steps."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
)

from application.accounts.passkey_ceremonies import NewCredential
from application.accounts.start_passkey_registration import RegistrationStart
from application.accounts.start_passkey_sign_in import SignInStart
from domain.accounts.errors import InvalidPasskeyError, PasskeyNotAcceptedError
from domain.accounts.passkey import CHALLENGE_LIFETIME
from domain.shared.errors import DomainError
from domain.shared.ids import PasskeyId, UserId
from tests.application.passkey_world import PasskeyWorld
from tests.application.world import ORIGIN

PEOPLE = ("ada@example.org", "eve@example.org")
somebody = st.sampled_from([0, 1])
mostly = st.sampled_from([True, True, True, False])


class PasskeySteps(RuleBasedStateMachine):
    """Two people take steps at random; a model says which of them may have an effect."""

    asked = Bundle("asked")  # challenges, of both kinds
    kept = Bundle("kept")  # passkeys

    def __init__(self) -> None:
        super().__init__()
        self.world = PasskeyWorld()
        self.people: list[UserId] = [self.run(self.world.ada(email)).profile.id for email in PEOPLE]
        self.open: dict[str, tuple[UserId | None, Any]] = {}  # challenge: for whom, until when
        self.passkeys: dict[bytes, tuple[UserId, PasskeyId]] = {}
        self.sign_ins = 0

    def run(self, step: Coroutine[Any, Any, Any]) -> Any:
        """A step, to its end."""
        return asyncio.run(step)

    def spend(self, challenge: str, wanted: UserId | None) -> bool:
        """Whether the model lets a challenge be used for this; then it is gone."""
        owner, end = self.open.get(challenge, (None, None))
        if end is None or owner != wanted or self.world.clock() >= end:
            return False
        del self.open[challenge]
        return True

    @initialize(target=kept, who=somebody)
    def have_one(self, who: int) -> bytes:
        """Somebody has a passkey already."""
        passkey = self.run(self.world.passkey(self.people[who], b"first"))
        self.passkeys[b"first"] = (self.people[who], passkey.id)
        return b"first"

    @rule(target=asked, who=somebody)
    def ask_for_a_new_passkey(self, who: int) -> str:
        """The first step of a registration."""
        start = RegistrationStart(actor=self.people[who])
        challenge = self.run(self.world.start_passkey_registration(start)).challenge
        self.open[challenge] = (self.people[who], self.world.clock() + CHALLENGE_LIFETIME)
        return str(challenge)

    def question(self) -> str:
        """A challenge for anybody."""
        asking = self.world.start_passkey_sign_in(SignInStart(origin=ORIGIN))
        challenge = str(self.run(asking).challenge)
        self.open[challenge] = (None, self.world.clock() + CHALLENGE_LIFETIME)
        return challenge

    @rule(target=asked)
    def ask_for_a_proof(self) -> str:
        """The first step of a sign-in."""
        return self.question()

    @rule(target=kept, who=somebody, challenge=asked, right=mostly)
    def register(self, who: int, challenge: str, right: bool) -> bytes:
        """The second step of a registration, with a challenge of any kind."""
        key = f"key-{len(self.passkeys)}-{self.world.new_id()}".encode()
        actor = self.people[who]
        made = NewCredential(
            id=key,
            client_data=challenge.encode(),
            attestation_object=key if right else b"",
            transports=(),
        )
        allowed = self.spend(challenge, actor) and right
        try:
            passkey = self.run(self.world.keep(actor, made))
        except PasskeyNotAcceptedError:
            assert not allowed
        else:
            assert allowed
            self.passkeys[key] = (actor, passkey.id)
        return key

    @rule(who=somebody, own=mostly, key=kept, challenge=st.one_of(asked, st.none()), right=mostly)
    def sign_in(self, who: int, own: bool, key: bytes, challenge: str | None, right: bool) -> None:
        """The second step of a sign-in, mostly with one's own key; with any challenge or a new."""
        challenge = challenge or self.question()
        owner, _ = self.passkeys.get(key, (None, None))
        actor = owner if own and owner else self.people[who]
        signature = key if right else b"another"
        proof = self.run(self.world.assertion(actor, key, signature=signature, challenge=challenge))
        fits = owner == actor and right
        allowed = self.spend(challenge, None) and fits
        try:
            signed_in = self.run(self.world.sign_in_by(proof))
        except InvalidPasskeyError:
            assert not allowed
        else:
            assert allowed
            assert signed_in.profile.id == actor
            self.sign_ins += 1

    @rule(who=somebody, key=consumes(kept))
    def remove(self, who: int, key: bytes) -> None:
        """Anybody tries to take any passkey away."""
        owner, passkey_id = self.passkeys.get(key, (None, None))
        if passkey_id is None:
            return
        try:
            self.run(self.world.remove(self.people[who], passkey_id))
        except DomainError:
            assert owner != self.people[who]
        else:
            assert owner == self.people[who]
            del self.passkeys[key]

    @rule(minutes=st.integers(1, 4))
    def wait(self, minutes: int) -> None:
        """Time goes by."""
        self.world.clock.advance(timedelta(minutes=minutes))

    @invariant()
    def nothing_else_has_happened(self) -> None:
        """What is kept is what the model says; there are no other sessions."""
        rows = self.world.database.rows
        found = {p.key.credential_id: (p.user_id, p.id) for p in rows.passkeys.values()}
        assert found == self.passkeys
        assert len(rows.sessions) == len(PEOPLE) + self.sign_ins


TestPasskeySteps = PasskeySteps.TestCase
TestPasskeySteps.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, derandomize=True
)
