"""Whole do-not-play lists with all names and ids of their artists, in PostgreSQL."""

from collections.abc import AsyncGenerator

from adapters.postgres.export_places import ExportPlaces
from adapters.postgres.pool import Pool, snapshot
from application.shared.ports import Clock
from domain.enforcement.listed_artist import ListedArtist, ListedTrack
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import UserId

_ROWS_AT_ONCE = 500
# Looked up for each artist of the list by index, so that the catalogue's size does not matter.
LISTED_ARTISTS = """
select a.id, a.canonical_name,
       array(select n.name from artist_names n where n.artist_id = a.id order by n.name),
       array(select e.service || ':' || e.external_id from artist_external_ids e
             where e.artist_id = a.id order by e.service, e.external_id),
       l.is_excepted
from (
    select b.artist_id, b.created_at, false as is_excepted from user_artist_blocks b
    where b.user_id = %(user_id)s and (b.until is null or b.until > %(now)s)
    union all
    select x.artist_id, x.created_at, true from user_exceptions x
    where x.user_id = %(user_id)s and x.artist_id is not null
) l
join artists a on a.id = l.artist_id
order by l.is_excepted, l.created_at, l.artist_id
"""
# As exports write them; those of other services have no addresses of tracks.
_URI = """
case service when 'spotify' then 'spotify:track:'
             when 'youtube' then 'https://music.youtube.com/watch?v=' end || external_id
"""
LISTED_TRACKS = f"""
select {_URI}, title, artist_credit, false from user_tracks
where user_id = %(user_id)s and service in ('spotify', 'youtube')
union all
select {_URI}, title, artist_credit, true from user_exceptions
where user_id = %(user_id)s and service in ('spotify', 'youtube')
"""  # noqa: S608


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
            async for artist_id, name, names, ids, is_excepted in cursor:
                yield ListedArtist(
                    id=str(artist_id),
                    names=(name, *(other for other in names if other != name)),
                    external_ids=tuple(_external_id(known) for known in ids),
                    is_excepted=is_excepted,
                )

    async def tracks(self, user_id: UserId, /) -> AsyncGenerator[ListedTrack, None]:
        """Likewise."""
        async with (
            self._places.take(user_id),
            snapshot(self._pool) as connection,
            connection.cursor("listed_tracks", binary=True) as cursor,
        ):
            cursor.itersize = _ROWS_AT_ONCE
            await cursor.execute(LISTED_TRACKS.encode(), {"user_id": user_id})
            async for uri, title, artist_credit, is_excepted in cursor:
                yield ListedTrack(
                    uri=uri, title=title, artist_credit=artist_credit, is_excepted=is_excepted
                )


def _external_id(known: str) -> ExternalId:
    service, _, value = known.partition(":")
    return ExternalId(service=MusicService(service), value=value)
