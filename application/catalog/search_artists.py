"""Look artists up by name."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.catalog.ports import ArtistHit, ArtistSearch
from domain.catalog.artist_name import MAX_LENGTH, search_key
from domain.shared.errors import InvalidInputError
from domain.shared.ids import UserId


class SearchQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody typed, and how many hits they want (1 to 100)."""

    actor: UserId
    text: str
    limit: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SearchArtists:
    """Find the artists that somebody may mean by what they typed."""

    artists: ArtistSearch

    async def __call__(self, query: SearchQuery, /) -> list[ArtistHit]:
        """The best hits; none for a text without letters, digits or signs."""
        if len(query.text) > MAX_LENGTH:
            raise InvalidInputError.of("q", f"expected at most {MAX_LENGTH} characters")
        if "\0" in query.text:
            raise InvalidInputError.of("q", "a name has no NUL character")
        key = search_key(query.text)
        if not key:
            return []
        return await self.artists.find(key, query.limit, listener=query.actor)
