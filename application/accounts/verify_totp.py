"""Put a second factor beside the password."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

import msgspec

from application.accounts.attempts import admit
from application.accounts.notices import notify
from application.accounts.one_time_secrets import OneTimeSecrets
from application.accounts.ports import AccountsTransaction, BeginAccounts
from application.accounts.second_factors import RECOVERY_CODES, TotpCodes, secret_place
from application.accounts.session_end import SessionEnd
from application.accounts.throttling import AttemptThrottle
from application.shared.ports import Clock, NewId, SecretBox
from application.shared.record import record
from domain.accounts.attempts import SECOND_FACTOR_LIMITS
from domain.accounts.errors import TotpEnabledError, TotpNotPendingError
from domain.accounts.events import TotpEnabled
from domain.accounts.session import TOTP_SET_UP_LIFETIME
from domain.shared.errors import InvalidInputError
from domain.shared.ids import EventId, MailId, SessionId, UserId
from domain.shared.mail import MailKind
from domain.shared.origin import Origin


class TotpProof(msgspec.Struct, frozen=True, kw_only=True):
    """The first code of a new authenticator."""

    actor: UserId
    session_id: SessionId
    code: str
    origin: Origin

    def __repr__(self) -> str:
        return "TotpProof(…)"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyTotp:
    """Let the waiting factor count, give out recovery codes, and end every other session."""

    begin: BeginAccounts
    codes: TotpCodes
    secrets: OneTimeSecrets
    box: SecretBox
    throttle: AttemptThrottle
    end_session: SessionEnd
    clock: Clock
    new_id: NewId

    async def __call__(self, command: TotpProof, /) -> list[str]:
        """Ten recovery codes, this once; ``InvalidInputError`` for a wrong code."""
        await admit(self.throttle, f"second-factor:{command.actor}", SECOND_FACTOR_LIMITS)
        now = self.clock()
        recovery = [self.secrets.for_typing() for _ in range(RECOVERY_CODES)]
        async with self.begin() as tx:
            user = await tx.users.get_for_update(command.actor)
            step = await self._step(tx, command, now)
            if not await tx.totp.confirm(user.id, step, now):
                raise TotpEnabledError("It was switched on a moment ago.")
            await tx.recovery_codes.replace(user.id, [code.digest for code in recovery], now)
            event = TotpEnabled(id=EventId(self.new_id()), occurred_at=now, user_id=user.id)
            await record(tx, event, command.origin)
            await self.end_session.all_of(
                tx,
                user.id,
                keep=command.session_id,
                reason="second_factor_enabled",
                origin=command.origin,
                now=now,
            )
            await notify(tx, user, MailKind.TOTP_ENABLED, MailId(self.new_id()), now)
        return [code.secret for code in recovery]

    async def _step(self, tx: AccountsTransaction, command: TotpProof, now: datetime) -> int:
        totp = await tx.totp.find(command.actor)
        if totp and totp.confirmed:
            raise TotpEnabledError("Disable it first to use another authenticator.")
        if totp is None or now - totp.created_at > TOTP_SET_UP_LIFETIME:
            raise TotpNotPendingError("Begin again at /api/v1/auth/2fa/setup.")
        secret = self.box.open(totp.secret_sealed, secret_place(command.actor)).decode()
        step = self.codes.step(secret, command.code, now)
        if step is None:
            raise InvalidInputError.of(
                "totp_code", "is not the one that the authenticator shows now"
            )
        return step
