"""Show accounts to an administrator."""

from dataclasses import dataclass
from typing import final

from application.accounts.administration import MAX_USERS, UserReader, UserSummary
from domain.accounts.email_address import folded


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ListUsers:
    """Read the newest accounts, or those whose address starts with something."""

    users: UserReader

    async def __call__(self, email_prefix: str, /) -> list[UserSummary]:
        """At most a hundred."""
        return await self.users.list_users(folded(email_prefix), MAX_USERS)
