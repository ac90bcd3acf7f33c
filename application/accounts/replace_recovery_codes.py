"""Give out new recovery codes."""

from dataclasses import dataclass
from typing import final

from application.accounts.one_time_secrets import OneTimeSecrets
from application.accounts.ports import BeginAccounts
from application.accounts.second_factors import RECOVERY_CODES
from application.accounts.set_up_totp import TotpRequest
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.errors import TotpNotEnabledError
from domain.accounts.events import RecoveryCodesReplaced
from domain.shared.ids import EventId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceRecoveryCodes:
    """Void all recovery codes and make ten others."""

    begin: BeginAccounts
    secrets: OneTimeSecrets
    clock: Clock
    new_id: NewId

    async def __call__(self, command: TotpRequest, /) -> list[str]:
        """The codes, this once; ``TotpNotEnabledError`` where no second factor counts."""
        now = self.clock()
        recovery = [self.secrets.for_typing() for _ in range(RECOVERY_CODES)]
        async with self.begin() as tx:
            user = await tx.users.get_for_update(command.actor)
            if not user.totp_enabled:
                raise TotpNotEnabledError("Recovery codes stand in for a second factor.")
            await tx.recovery_codes.replace(user.id, [code.digest for code in recovery], now)
            event = RecoveryCodesReplaced(
                id=EventId(self.new_id()), occurred_at=now, user_id=user.id
            )
            await record(tx, event, command.origin)
        return [code.secret for code in recovery]
