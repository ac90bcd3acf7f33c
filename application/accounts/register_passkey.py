"""Keep a new passkey."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

import msgspec

from application.accounts.notices import notify
from application.accounts.one_time_secrets import OneTimeSecrets
from application.accounts.passkey_ceremonies import NewCredential, PasskeyVerifier
from application.accounts.passkeys import ChallengePurpose, PasskeySummary
from application.accounts.ports import AccountsTransaction, BeginAccounts
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.errors import PasskeyNotAcceptedError
from domain.accounts.events import PasskeyAdded
from domain.accounts.passkey import Passkey, parse_passkey_name
from domain.shared.errors import DomainError
from domain.shared.ids import EventId, MailId, PasskeyId, UserId
from domain.shared.mail import MailKind
from domain.shared.origin import Origin


class NewPasskey(msgspec.Struct, frozen=True, kw_only=True):
    """What an authenticator made for somebody, and what they call it."""

    actor: UserId
    name: str
    credential: NewCredential
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPasskey:
    """Check the answer to a challenge, keep the public key and tell the owner by mail."""

    begin: BeginAccounts
    verifier: PasskeyVerifier
    secrets: OneTimeSecrets
    clock: Clock
    new_id: NewId

    async def __call__(self, command: NewPasskey, /) -> PasskeySummary:
        """The new passkey.

        ``PasskeyNotAcceptedError`` where the answer does not fit an unused challenge of this
        person; ``TooManyPasskeysError``; ``PasskeyAlreadyRegisteredError``.
        """
        name = parse_passkey_name(command.name)
        async with self.begin() as tx:
            try:
                outcome: Passkey | DomainError = await self._keep(tx, command, name, self.clock())
            except DomainError as refusal:  # raised after the commit: the challenge stays used
                outcome = refusal
        if isinstance(outcome, DomainError):
            raise outcome
        return PasskeySummary.of(outcome)

    async def _keep(
        self, tx: AccountsTransaction, command: NewPasskey, name: str, now: datetime
    ) -> Passkey:
        challenge = self.verifier.challenge_of(command.credential.client_data)
        purpose = ChallengePurpose.REGISTRATION
        if challenge is None or not await tx.passkey_challenges.use(
            self.secrets.digest(challenge), purpose, command.actor, now
        ):
            raise PasskeyNotAcceptedError("The challenge is used or too old; start again.")
        user = await tx.users.get_for_update(command.actor)
        passkey = Passkey(
            id=PasskeyId(self.new_id()),
            user_id=user.id,
            key=self.verifier.new_key(command.credential, challenge),
            transports=command.credential.transports,
            name=name,
            created_at=now,
        )
        await tx.passkeys.add(passkey)
        event = PasskeyAdded(
            id=EventId(self.new_id()), occurred_at=now, user_id=user.id, passkey_id=passkey.id
        )
        await record(tx, event, command.origin)
        kind, mail_id = MailKind.PASSKEY_ADDED, MailId(self.new_id())
        await notify(tx, user, kind, mail_id, now, name=passkey.name)
        return passkey
