"""Whole do-not-play lists with all names and ids of their artists, in PostgreSQL."""

from collections.abc import AsyncGenerator

from adapters.postgres.export_places import ExportPlaces
from adapters.postgres.pool import Pool, snapshot
from application.shared.ports import Clock
from domain.enforcement.listed_artist import ListedArtist
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import UserId

_ROWS_AT_ONCE = 500
# Looked up for each artist of the list by index, so that the catalogue's size does not matter.
LISTED_ARTISTS = """
select a.id, a.canonical_name,
       array(select n.name from artist_names n where n.artist_id = a.id order by n.name),
       array(select e.service || ':' || e.external_id from artist_external_ids e
             where e.artist_id = a.id order by e.service, e.external_id)
from user_artist_blocks b
join artists a on a.id = b.artist_id
where b.user_id = %(user_id)s and (b.until is null or b.until > %(now)s)
order by b.created_at, b.artist_id
"""


class PostgresListedArtists:
    """``ListedArtists``: a server-side cursor, so that memory does not grow with the list."""

    def __init__(self, pool: Pool, places: ExportPlaces, clock: Clock) -> None:
        self._pool = pool
        self._places = places
        self._clock = clock

    async def all(self, user_id: UserId, /) -> AsyncGenerator[ListedArtist, None]:
        """One statement in one snapshot; it takes a place of those that exports share."""
        async with (
            self._places.take(user_id),
            snapshot(self._pool) as connection,
            connection.cursor("listed_artists", binary=True) as cursor,
        ):
            cursor.itersize = _ROWS_AT_ONCE
            await cursor.execute(LISTED_ARTISTS, {"user_id": user_id, "now": self._clock()})
            async for artist_id, name, names, ids in cursor:
                yield ListedArtist(
                    id=str(artist_id),
                    names=(name, *(other for other in names if other != name)),
                    external_ids=tuple(_external_id(known) for known in ids),
                )


def _external_id(known: str) -> ExternalId:
    service, _, value = known.partition(":")
    return ExternalId(service=MusicService(service), value=value)
