"""Take the second factor away."""

from dataclasses import dataclass
from typing import final

from application.accounts.notices import notify
from application.accounts.ports import BeginAccounts
from application.accounts.set_up_totp import TotpRequest
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.errors import TotpNotEnabledError
from domain.accounts.events import TotpDisabled
from domain.shared.ids import EventId, MailId
from domain.shared.mail import MailKind


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DisableTotp:
    """Forget the secret and all recovery codes; the owner hears of it by mail."""

    begin: BeginAccounts
    clock: Clock
    new_id: NewId

    async def __call__(self, command: TotpRequest, /) -> None:
        """``TotpNotEnabledError`` where none counts; one that waited is gone then, too."""
        now = self.clock()
        async with self.begin() as tx:
            user = await tx.users.get_for_update(command.actor)
            if not await tx.totp.remove(user.id):
                raise TotpNotEnabledError("There is nothing to disable.")
            await tx.recovery_codes.replace(user.id, [], now)
            event = TotpDisabled(id=EventId(self.new_id()), occurred_at=now, user_id=user.id)
            await record(tx, event, command.origin)
            await notify(tx, user, MailKind.TOTP_DISABLED, MailId(self.new_id()), now)
