"""Show accounts to an administrator; that they looked is kept."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.administration import MAX_USERS, UserReader, UserSummary
from application.accounts.ports import BeginAccounts
from application.shared.ports import Clock, NewId
from domain.accounts.email_address import folded
from domain.shared.audit_record import AuditRecord
from domain.shared.ids import AuditId, UserId
from domain.shared.origin import Origin

ACTION = "accounts.users_read.v1"


class UserSearch(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants to see the accounts whose address starts with ``email_prefix``."""

    actor: UserId
    email_prefix: str
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ListUsers:
    """Read the newest accounts, or those whose address starts with something."""

    begin: BeginAccounts
    users: UserReader
    clock: Clock
    new_id: NewId

    async def __call__(self, query: UserSearch, /) -> list[UserSummary]:
        """At most a hundred."""
        found = await self.users.list_users(folded(query.email_prefix), MAX_USERS)
        async with self.begin() as tx:
            await tx.audit.append(
                AuditRecord(
                    id=AuditId(self.new_id()),
                    user_id=query.actor,
                    action=ACTION,
                    resource_type="users",
                    resource_id=None,
                    origin=query.origin,
                    created_at=self.clock(),
                )
            )
        return found
