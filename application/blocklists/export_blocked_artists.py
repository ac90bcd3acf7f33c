"""Give somebody their whole do-not-play list to take away."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import final

from application.blocklists.ports import BlockedArtist, BlockedArtistReader
from domain.shared.ids import UserId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ExportBlockedArtists:
    """Read every entry of the person who asks, a few at a time."""

    reader: BlockedArtistReader

    def __call__(self, actor: UserId, /) -> AsyncGenerator[BlockedArtist, None]:
        """The entries, oldest first, as of one moment; whoever stops half-way closes them."""
        return self.reader.all(actor)
