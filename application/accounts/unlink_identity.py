"""Take an identity at a provider away from one's account."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.notices import notify
from application.accounts.ports import BeginAccounts
from application.accounts.ways_in import keep_one_way_in
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.events import IdentityUnlinked
from domain.accounts.provider_errors import IdentityNotFoundError
from domain.shared.ids import EventId, IdentityId, MailId, UserId
from domain.shared.mail import MailKind
from domain.shared.origin import Origin


class IdentityToUnlink(msgspec.Struct, frozen=True, kw_only=True):
    """Which one."""

    actor: UserId
    identity_id: IdentityId
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkIdentity:
    """The provider opens the account no longer; sessions that it opened go on."""

    begin: BeginAccounts
    clock: Clock
    new_id: NewId

    async def __call__(self, command: IdentityToUnlink, /) -> None:
        """``IdentityNotFoundError``, or ``LastSignInMethodError`` if nothing else opens it."""
        now = self.clock()
        async with self.begin() as tx:
            user = await tx.users.get_for_update(command.actor)
            identity = await tx.identities.remove(user.id, command.identity_id)
            if identity is None:
                raise IdentityNotFoundError("Your identities are at /api/v1/auth/identities.")
            await keep_one_way_in(tx, user)
            await record(
                tx,
                IdentityUnlinked(
                    id=EventId(self.new_id()),
                    occurred_at=now,
                    user_id=user.id,
                    identity_id=identity.id,
                    provider=identity.provider,
                ),
                command.origin,
                before=identity.state,
            )
            kind, mail_id = MailKind.PROVIDER_UNLINKED, MailId(self.new_id())
            await notify(tx, user, kind, mail_id, now, provider=identity.provider)
