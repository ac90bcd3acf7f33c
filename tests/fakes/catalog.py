"""The catalogue in memory."""

from application.catalog.ports import Artist
from domain.catalog.artist_name import search_key
from tests.fakes.shared import FakeDatabase


class FakeArtistSearch:
    """``ArtistSearch`` by looking at every name."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    async def find(self, key: str, limit: int, /) -> list[Artist]:
        """Exact names, then beginnings, then words in any order."""
        rows = self._database.rows
        ranked = []
        for artist_id, names in rows.names.items():
            ranks = [rank for name in names if (rank := _rank(search_key(name), key)) is not None]
            if ranks:
                artist = rows.artists[artist_id]
                sort_key = search_key(artist.canonical_name)
                ranked.append(((min(ranks), len(sort_key), sort_key, artist_id), artist))
        return [artist for _, artist in sorted(ranked, key=lambda pair: pair[0])[:limit]]


def _rank(name: str, key: str) -> int | None:
    if name == key:
        return 0
    if name.startswith(key):
        return 1
    words = name.split()
    if all(any(word.startswith(part) for word in words) for part in key.split()):
        return 2
    return None
