"""What enforcement needs, in memory."""

from collections.abc import AsyncGenerator, Callable
from typing import TypeVar

from domain.enforcement.listed_artist import ListedArtist
from domain.shared.external_id import ExternalId
from domain.shared.ids import UserId
from tests.fakes.shared import FakeDatabase

R = TypeVar("R")


class FakeListedArtists:
    """``ListedArtists`` by looking at every entry; it knows one id for each service."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    async def all(self, user_id: UserId, /) -> AsyncGenerator[ListedArtist, None]:
        """Those of this person, oldest entry first."""
        rows = self._database.rows
        mine = [entry for (owner, _), entry in rows.entries.items() if owner == user_id]
        for entry in sorted(mine, key=lambda entry: (entry.added_at, entry.artist_id)):
            artist = rows.artists[entry.artist_id]
            others = sorted(set(rows.names.get(artist.id, [])) - {artist.canonical_name})
            yield ListedArtist(
                id=str(artist.id),
                names=(artist.canonical_name, *others),
                external_ids=tuple(
                    ExternalId(service=service, value=value)
                    for service, value in sorted(artist.external_ids.items())
                ),
            )


class FakeLongWork:
    """``LongWork`` that does it at once."""

    async def run(self, _: UserId, work: Callable[[Callable[[], bool]], R], /) -> R:
        """Where it stands."""
        return work(lambda: True)
