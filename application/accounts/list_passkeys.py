"""Read one's own passkeys."""

from dataclasses import dataclass
from typing import final

from application.accounts.passkeys import PasskeyReader, PasskeySummary
from domain.shared.ids import UserId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ListPasskeys:
    """Everything that somebody can sign in with, or could until it came under suspicion."""

    reader: PasskeyReader

    async def __call__(self, actor: UserId, /) -> list[PasskeySummary]:
        """Oldest first; twenty at most."""
        return await self.reader.list(actor)
