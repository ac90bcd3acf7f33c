"""Give somebody another role."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.administration import require_administrator, require_user
from application.accounts.notices import notify
from application.accounts.ports import BeginAccounts
from application.accounts.session_end import SessionEnd
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.errors import LastAdministratorError
from domain.accounts.events import RoleChanged
from domain.accounts.role import Role
from domain.shared.ids import EventId, MailId, UserId
from domain.shared.mail import MailKind
from domain.shared.origin import Origin


class RoleChange(msgspec.Struct, frozen=True, kw_only=True):
    """Who gives whom which role."""

    actor: UserId
    user_id: UserId
    role: Role
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SetUserRole:
    """Keep another role; the person signs in anew, so that no session is older than its rights."""

    begin: BeginAccounts
    end_session: SessionEnd
    clock: Clock
    new_id: NewId

    async def __call__(self, command: RoleChange, /) -> None:
        """``UserNotFoundError``; ``LastAdministratorError`` where nobody would be left."""
        now = self.clock()
        async with self.begin() as tx:
            administrators = await tx.users.lock_administrators()
            await require_administrator(tx, command.actor)
            user = await require_user(tx, command.user_id)
            if user.role is command.role:
                return
            if administrators == {user.id}:
                raise LastAdministratorError("Make somebody else an administrator first.")
            await tx.users.update(user.in_role(command.role, now))
            event = RoleChanged(
                id=EventId(self.new_id()),
                occurred_at=now,
                user_id=user.id,
                role=command.role,
                changed_by=command.actor,
            )
            await record(
                tx,
                event,
                command.origin,
                before={"role": user.role},
                after={"role": command.role, "by": str(command.actor)},
            )
            await self.end_session.all_of(
                tx, user.id, reason="role_changed", origin=command.origin, now=now
            )
            kind = MailKind.ROLE_CHANGED
            await notify(tx, user, kind, MailId(self.new_id()), now, role=command.role)
