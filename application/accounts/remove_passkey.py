"""Take a passkey away."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.notices import notify
from application.accounts.ports import BeginAccounts
from application.accounts.ways_in import keep_one_way_in
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.events import PasskeyRemoved
from domain.shared.ids import EventId, MailId, PasskeyId, UserId
from domain.shared.mail import MailKind
from domain.shared.origin import Origin


class PasskeyRemoval(msgspec.Struct, frozen=True, kw_only=True):
    """Which passkey is to open the account no more."""

    actor: UserId
    passkey_id: PasskeyId
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePasskey:
    """Forget the public key and tell the owner by mail."""

    begin: BeginAccounts
    clock: Clock
    new_id: NewId

    async def __call__(self, command: PasskeyRemoval, /) -> None:
        """``PasskeyNotFoundError``; ``LastSignInMethodError`` where nothing would be left."""
        now = self.clock()
        async with self.begin() as tx:
            user = await tx.users.get_for_update(command.actor)
            passkey = await tx.passkeys.remove(user.id, command.passkey_id)
            await keep_one_way_in(tx, user)
            event = PasskeyRemoved(
                id=EventId(self.new_id()), occurred_at=now, user_id=user.id, passkey_id=passkey.id
            )
            await record(tx, event, command.origin)
            kind, mail_id = MailKind.PASSKEY_REMOVED, MailId(self.new_id())
            await notify(tx, user, kind, mail_id, now, name=passkey.name)
