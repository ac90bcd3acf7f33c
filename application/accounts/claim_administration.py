"""Become an administrator with a code of the operator's."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.attempts import admit
from application.accounts.notices import notify
from application.accounts.one_time_secrets import OneTimeSecrets
from application.accounts.ports import BeginAccounts
from application.accounts.profile import Profile
from application.accounts.throttling import AttemptThrottle
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.attempts import SECOND_FACTOR_LIMITS
from domain.accounts.errors import InvalidAdminCodeError
from domain.accounts.events import RoleChanged
from domain.accounts.role import Role
from domain.shared.ids import EventId, MailId, UserId
from domain.shared.mail import MailKind
from domain.shared.origin import Origin


class AdminClaim(msgspec.Struct, frozen=True, kw_only=True):
    """Who presents which code."""

    actor: UserId
    code: str
    origin: Origin

    def __repr__(self) -> str:
        return "AdminClaim(…)"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAdministration:
    """Use a code up and keep the role."""

    begin: BeginAccounts
    secrets: OneTimeSecrets
    throttle: AttemptThrottle
    clock: Clock
    new_id: NewId

    async def __call__(self, command: AdminClaim, /) -> Profile:
        """The account as it is now; ``InvalidAdminCodeError`` for a code that is not valid."""
        await admit(self.throttle, f"admin-code:{command.actor}", SECOND_FACTOR_LIMITS)
        now = self.clock()
        async with self.begin() as tx:
            user = await tx.users.get_for_update(command.actor)
            digest = self.secrets.digest(command.code)
            if not await tx.admin_codes.use(digest, user.id, now):
                raise InvalidAdminCodeError("Make a new one with: nodrake admin code")
            before = {"role": user.role}
            user = user.in_role(Role.ADMIN, now)
            await tx.users.update(user)
            event = RoleChanged(
                id=EventId(self.new_id()),
                occurred_at=now,
                user_id=user.id,
                role=Role.ADMIN,
                changed_by=user.id,
            )
            await record(
                tx,
                event,
                command.origin,
                before=before,
                after={"role": Role.ADMIN, "by": "a code of the operator's"},
            )
            kind = MailKind.ROLE_CHANGED
            await notify(tx, user, kind, MailId(self.new_id()), now, role=Role.ADMIN)
        return Profile.of(user)
