"""Show which identities at providers open an account."""

from dataclasses import dataclass
from typing import final

from application.accounts.identities import IdentityReader
from domain.accounts.identity import Identity
from domain.shared.ids import UserId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ListIdentities:
    """The identities of one person."""

    identities: IdentityReader

    async def __call__(self, actor: UserId, /) -> list[Identity]:
        """Oldest first."""
        return await self.identities.all_of(actor)
