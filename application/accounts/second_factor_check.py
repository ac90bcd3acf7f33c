"""The check of a second factor, wherever somebody has to show it."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

import msgspec

from application.accounts.attempts import admit
from application.accounts.notices import notify
from application.accounts.one_time_secrets import OneTimeSecrets
from application.accounts.ports import AccountsTransaction, BeginAccounts
from application.accounts.second_factors import TotpCodes, secret_place
from application.accounts.throttling import AttemptThrottle
from application.shared.ports import Clock, NewId, SecretBox
from application.shared.record import record
from domain.accounts.attempts import SECOND_FACTOR_LIMITS, AttemptLimit
from domain.accounts.errors import (
    InvalidSecondFactorError,
    TooManyAttemptsError,
    TotpRequiredError,
)
from domain.accounts.events import RecoveryCodeUsed
from domain.accounts.principal import SignInMethod
from domain.accounts.user import User
from domain.shared.ids import EventId, MailId
from domain.shared.mail import MailKind
from domain.shared.origin import Origin

_NOTICES = AttemptLimit(attempts=1, seconds=86_400)


class SecondFactorProof(msgspec.Struct, frozen=True, kw_only=True):
    """A code of the authenticator, or one of the recovery codes."""

    totp_code: str | None = None
    recovery_code: str | None = None

    @property
    def empty(self) -> bool:
        """Whether there is neither."""
        return self.totp_code is None and self.recovery_code is None

    def __repr__(self) -> str:
        return "SecondFactorProof(…)"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorCheck:
    """Admission before a transaction, the check itself inside it."""

    begin: BeginAccounts
    codes: TotpCodes
    secrets: OneTimeSecrets
    box: SecretBox
    throttle: AttemptThrottle
    clock: Clock
    new_id: NewId

    async def admit(self, user: User, proof: SecondFactorProof) -> None:
        """Count an attempt; ``TotpRequiredError`` where a proof is needed and there is none.

        Who has made too many is told so by mail, once a day: somebody knows the password.
        """
        if not user.totp_enabled:
            return
        if proof.empty:
            raise TotpRequiredError("Send totp_code or recovery_code as well.")
        try:
            await admit(self.throttle, f"second-factor:{user.id}", SECOND_FACTOR_LIMITS)
        except TooManyAttemptsError:
            await self._notify(user)
            raise

    async def __call__(
        self,
        tx: AccountsTransaction,
        user: User,
        proof: SecondFactorProof,
        origin: Origin,
        now: datetime,
    ) -> tuple[SignInMethod, ...]:
        """How the factor was shown, nothing where the account has none.

        ``user`` is locked. ``InvalidSecondFactorError`` for a code that is wrong or used.
        """
        if not user.totp_enabled:
            return ()
        if proof.totp_code is not None:
            await self._totp(tx, user, proof.totp_code, now)
            return (SignInMethod.TOTP,)
        if proof.recovery_code is not None:
            digest = self.secrets.digest(proof.recovery_code)
            if await tx.recovery_codes.use(user.id, digest, now):
                await self._tell(tx, user, origin, now)
                return (SignInMethod.RECOVERY_CODE,)
        raise InvalidSecondFactorError("Each recovery code works once; try another one.")

    async def _totp(self, tx: AccountsTransaction, user: User, code: str, now: datetime) -> None:
        totp = await tx.totp.find(user.id)
        step = None
        if totp is not None and totp.confirmed:
            secret = self.box.open(totp.secret_sealed, secret_place(user.id)).decode()
            step = self.codes.step(secret, code, now)
        if step is None:
            raise InvalidSecondFactorError("Wait for the next code and try again.")
        if not await tx.totp.use(user.id, step):
            # Who reads this knows the password, and a code that opens nothing any more.
            raise InvalidSecondFactorError(
                "This code, or a later one, was used already; wait for the next one."
            )

    async def _tell(
        self, tx: AccountsTransaction, user: User, origin: Origin, now: datetime
    ) -> None:
        event = RecoveryCodeUsed(id=EventId(self.new_id()), occurred_at=now, user_id=user.id)
        await record(tx, event, origin)
        left = await tx.recovery_codes.remaining(user.id)
        kind, mail_id = MailKind.RECOVERY_CODE_USED, MailId(self.new_id())
        await notify(tx, user, kind, mail_id, now, remaining=str(left))

    async def _notify(self, user: User) -> None:
        try:
            await admit(self.throttle, f"second-factor-notice:{user.id}", [_NOTICES])
        except TooManyAttemptsError:
            return
        async with self.begin() as tx:
            kind, mail_id = MailKind.SECOND_FACTOR_LOCKED, MailId(self.new_id())
            await notify(tx, user, kind, mail_id, self.clock())
