"""The proof by passkey of who somebody is, wherever it is shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

from application.accounts.notices import notify
from application.accounts.one_time_secrets import OneTimeSecrets
from application.accounts.passkey_ceremonies import (
    Assertion,
    PasskeyVerifier,
    VerifiedAssertion,
)
from application.accounts.passkeys import ChallengePurpose
from application.accounts.ports import AccountsTransaction
from application.shared.ports import NewId
from application.shared.record import record
from domain.accounts.errors import InvalidPasskeyError
from domain.accounts.events import PasskeySuspected
from domain.accounts.passkey import Passkey, read_user_handle
from domain.accounts.user import User
from domain.shared.ids import EventId, MailId
from domain.shared.mail import MailKind
from domain.shared.origin import Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyProof:
    """The check of an assertion inside somebody's transaction.

    It does not raise: what it has written (a challenge used up, a passkey under suspicion) is to
    stay, so the transaction has to commit before the refusal.
    """

    verifier: PasskeyVerifier
    secrets: OneTimeSecrets
    new_id: NewId

    async def __call__(
        self, tx: AccountsTransaction, assertion: Assertion, origin: Origin, now: datetime
    ) -> User | None:
        """Whose proof it is, their row locked; nobody's if anything at all is wrong with it."""
        challenge = self.verifier.challenge_of(assertion.client_data)
        if challenge is None:
            return None
        digest = self.secrets.digest(challenge)
        if not await tx.passkey_challenges.use(digest, ChallengePurpose.ASSERTION, None, now):
            return None
        user_id = read_user_handle(assertion.user_handle)
        user = await tx.users.find_for_update(user_id) if user_id else None
        passkey = await tx.passkeys.find(user.id, assertion.id) if user else None
        signed = self._signed(assertion, challenge, passkey)
        if user is None or passkey is None or signed is None:
            return None
        if await tx.passkeys.use(passkey.id, signed.sign_count, now, backed_up=signed.backed_up):
            return user
        await self._suspect(tx, user, passkey, origin, now)
        return None

    def _signed(
        self, assertion: Assertion, challenge: str, passkey: Passkey | None
    ) -> VerifiedAssertion | None:
        if passkey is None:
            return None
        try:
            signed = self.verifier.verify(assertion, challenge, passkey.key.public_key)
        except InvalidPasskeyError:
            return None
        return signed if signed.backup_eligible == passkey.key.backup_eligible else None

    async def _suspect(
        self, tx: AccountsTransaction, user: User, passkey: Passkey, origin: Origin, now: datetime
    ) -> None:
        """The signature is right and its counter is not: somebody may hold a copy of the key."""
        if not await tx.passkeys.suspect(passkey.id, now):
            return
        event = PasskeySuspected(
            id=EventId(self.new_id()), occurred_at=now, user_id=user.id, passkey_id=passkey.id
        )
        await record(tx, event, origin)
        kind, mail_id = MailKind.PASSKEY_SUSPECTED, MailId(self.new_id())
        await notify(tx, user, kind, mail_id, now, name=passkey.name)


def refused() -> InvalidPasskeyError:
    """The one refusal, whatever was wrong."""
    return InvalidPasskeyError("Start again, or sign in another way.")
