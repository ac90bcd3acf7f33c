"""The use cases of passkeys, wired to fakes beside all the others."""

import msgspec

from application.accounts.list_passkeys import ListPasskeys
from application.accounts.passkey_ceremonies import Assertion, NewCredential
from application.accounts.passkey_proof import PasskeyProof
from application.accounts.passkeys import PasskeySummary
from application.accounts.reauthenticate_with_passkey import (
    PasskeyRenewal,
    ReauthenticateWithPasskey,
)
from application.accounts.register_passkey import NewPasskey, RegisterPasskey
from application.accounts.remove_passkey import PasskeyRemoval, RemovePasskey
from application.accounts.rename_passkey import RenamePasskey
from application.accounts.sign_in_with_passkey import PasskeySignIn, SignInWithPasskey
from application.accounts.signed_in import SignedIn
from application.accounts.start_passkey_registration import (
    RegistrationStart,
    StartPasskeyRegistration,
)
from application.accounts.start_passkey_sign_in import SignInStart, StartPasskeySignIn
from domain.accounts.passkey import RelyingParty, user_handle
from domain.accounts.principal import Principal
from domain.shared.ids import PasskeyId, UserId
from tests.application.world import ORIGIN, World
from tests.fakes.accounts import begin_accounts
from tests.fakes.passkeys import FakePasskeyReader, FakePasskeyVerifier
from tests.fakes.sessions import FakeActiveSessions

RELYING_PARTY = RelyingParty.at("https://music.example.org", "No Drake in the House")


class PasskeyWorld(World):
    """A world in which people have passkeys."""

    def __init__(self) -> None:
        super().__init__()
        begin, verifier = begin_accounts(self.database), FakePasskeyVerifier()
        proof = PasskeyProof(verifier=verifier, secrets=self.secrets, new_id=self.new_id)
        self.start_passkey_registration = StartPasskeyRegistration(
            begin=begin,
            throttle=self.throttle,
            secrets=self.secrets,
            relying_party=RELYING_PARTY,
            clock=self.clock,
        )
        self.register_passkey = RegisterPasskey(
            begin=begin,
            verifier=verifier,
            secrets=self.secrets,
            clock=self.clock,
            new_id=self.new_id,
        )
        self.start_passkey_sign_in = StartPasskeySignIn(
            begin=begin,
            throttle=self.throttle,
            secrets=self.secrets,
            relying_party=RELYING_PARTY,
            clock=self.clock,
        )
        self.sign_in_with_passkey = SignInWithPasskey(
            begin=begin,
            throttle=self.throttle,
            proof=proof,
            start_session=self.start_session,
            clock=self.clock,
        )
        self.reauthenticate_with_passkey = ReauthenticateWithPasskey(
            begin=begin,
            throttle=self.throttle,
            proof=proof,
            active_sessions=FakeActiveSessions(self.database, self.clock),
            clock=self.clock,
            new_id=self.new_id,
        )
        self.list_passkeys = ListPasskeys(reader=FakePasskeyReader(self.database))
        self.rename_passkey = RenamePasskey(begin=begin, clock=self.clock, new_id=self.new_id)
        self.remove_passkey = RemovePasskey(begin=begin, clock=self.clock, new_id=self.new_id)

    async def credential(self, actor: UserId, key: bytes = b"key") -> NewCredential:
        """What an authenticator makes for somebody; its id and its key are ``key``."""
        options = await self.start_passkey_registration(RegistrationStart(actor=actor))
        return NewCredential(
            id=key,
            client_data=options.challenge.encode(),
            attestation_object=key,
            transports=("internal",),
        )

    async def keep(self, actor: UserId, made: NewCredential, name: str = "Phone") -> PasskeySummary:
        """An attempt to register what an authenticator made."""
        return await self.register_passkey(
            NewPasskey(actor=actor, name=name, credential=made, origin=ORIGIN)
        )

    async def passkey(self, actor: UserId, key: bytes = b"key") -> PasskeySummary:
        """A passkey of somebody."""
        return await self.keep(actor, await self.credential(actor, key))

    async def assertion(
        self,
        actor: UserId,
        key: bytes = b"key",
        *,
        count: str = "0",
        signature: bytes | None = None,
        challenge: str | None = None,
    ) -> Assertion:
        """A proof by passkey, for a new challenge unless one is given."""
        if challenge is None:
            challenge = (await self.start_passkey_sign_in(SignInStart(origin=ORIGIN))).challenge
        return Assertion(
            id=key,
            client_data=challenge.encode(),
            authenticator_data=count.encode(),
            signature=key if signature is None else signature,
            user_handle=user_handle(actor),
        )

    async def sign_in_by(self, assertion: Assertion) -> SignedIn:
        """An attempt to sign in with a passkey."""
        return await self.sign_in_with_passkey(PasskeySignIn(assertion=assertion, origin=ORIGIN))

    async def renew(self, principal: Principal, assertion: Assertion) -> None:
        """An attempt to prove again who one is."""
        assert principal.session_id is not None
        await self.reauthenticate_with_passkey(
            PasskeyRenewal(
                actor=principal.user_id,
                session_id=principal.session_id,
                assertion=assertion,
                origin=ORIGIN,
            )
        )

    async def remove(self, actor: UserId, passkey_id: PasskeyId) -> None:
        """An attempt to take a passkey away."""
        await self.remove_passkey(PasskeyRemoval(actor=actor, passkey_id=passkey_id, origin=ORIGIN))

    def without_password(self, user_id: UserId) -> None:
        """From now on the account opens by other means only."""
        rows = self.database.rows
        rows.users[user_id] = msgspec.structs.replace(rows.users[user_id], password_hash=None)

    def happened(self) -> list[str]:
        """The names of all events so far."""
        return [event.type.split(".")[1] for event in self.database.rows.events]
