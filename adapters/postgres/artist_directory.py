"""Artists by id, and who is meant by many rows, in PostgreSQL."""

from collections.abc import Sequence
from typing import Any

import msgspec

from adapters.postgres.pool import Pool, fetch_all
from application.catalog.directory import ArtistDetails, Findings, MergedArtist
from application.catalog.ports import Artist
from domain.catalog.artist_name import search_key
from domain.catalog.errors import ArtistNotFoundError
from domain.catalog.resolution import Match, Question, Way
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import ArtistId

_ARTISTS_A_KEY = 20

_GET = """
select a.id, a.canonical_name, a.external_ids, a.metadata, a.created_at,
    a.disambiguation,
    array(select n.name from artist_names n where n.artist_id = a.id order by n.name collate "C"),
    (
        select coalesce(jsonb_agg(jsonb_build_object(
            'id', m.artist_id, 'canonical_name', p.canonical_name,
            'merge_id', m.id, 'merged_at', m.merged_at
        ) order by m.position), '[]')
        from artist_redirects r
        join artist_merges m on m.artist_id = r.artist_id and m.undone_at is null
        join artists p on p.id = r.artist_id
        where r.survivor_id = a.id
    )
from artists a where a.id = survivor_of(%(artist_id)s)
"""
# Every branch is a look-up in an index for each row that is asked, whatever the catalogue's size.
# What is only similar is looked for where nobody has the name itself.
_LOOK_UP = """
with asked as materialized (
    select * from unnest(%(key_rows)s::int[], %(ways)s::text[], %(keys)s::text[])
        as q (row, way, key)
), identified as materialized (
    select q.row, e.artist_id, q.service, q.value
    from unnest(%(id_rows)s::int[], %(services)s::text[], %(values)s::text[])
        as q (row, service, value)
    join artist_external_ids e on e.service = q.service and e.external_id = q.value
), exactly as materialized (
    select row, artist_id, 'id' as way, service, value, null as name, null as key, 0 as distance
    from identified
    union
    select i.row, i.artist_id, q.way, null, null, n.name, q.key, 0
    from identified i join asked q on q.row = i.row
    join artist_names n on n.artist_id = i.artist_id and n.search_key = q.key
    union
    select q.row, n.artist_id, q.way, null, null, n.name, q.key, 0
    from asked q
    cross join lateral (
        select n.artist_id, n.name from artist_names n where n.search_key = q.key limit %(most)s
    ) n
), found as (
    select * from exactly
    union all
    select q.row, n.artist_id, 'similar', null, null, n.name, null, n.distance
    from asked q
    cross join lateral names_near(q.key, %(most)s) n
    where not exists (select from exactly e where e.row = q.row and e.way <> 'id')
)
select f.row, f.way, f.service, f.value, f.name, f.distance,
    f.way <> 'name' or f.key = a.sort_key,
    a.id, a.canonical_name, a.external_ids, a.metadata, a.created_at, a.disambiguation
from found f join artists a on a.id = f.artist_id
"""


class PostgresArtistReader:
    """``ArtistReader`` in one statement."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def get(self, artist_id: ArtistId, /) -> ArtistDetails:
        """One row, with its names and what it was merged from."""
        rows = await fetch_all(self._pool, _GET, {"artist_id": artist_id})
        if not rows:
            raise ArtistNotFoundError("Search for the artist and use its id.")
        row = rows[0]
        return ArtistDetails(
            artist=_artist(row[:5]),
            disambiguation=row[5],
            names=row[6],
            merged_from=msgspec.convert(row[7], list[MergedArtist]),
        )


class PostgresArtistDirectory:
    """``ArtistDirectory`` in one statement."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def look_up(self, questions: Sequence[Question], /) -> Findings:
        """Ids and keys of all questions as arrays."""
        ids = [(row, known) for row, asked in enumerate(questions) for known in asked.ids]
        keys = [
            (row, way, key)
            for row, asked in enumerate(questions)
            for way, key in ((Way.NAME, asked.key), (Way.CREDIT, asked.lead))
            if key
        ]
        rows = await fetch_all(
            self._pool,
            _LOOK_UP,
            {
                "id_rows": [row for row, _ in ids],
                "services": [known.service.value for _, known in ids],
                "values": [known.value for _, known in ids],
                "key_rows": [row for row, _, _ in keys],
                "ways": [way.value for _, way, _ in keys],
                "keys": [key for _, _, key in keys],
                "most": _ARTISTS_A_KEY,
            },
        )
        matches: list[list[Match]] = [[] for _ in questions]
        artists: dict[ArtistId, Artist] = {}
        disambiguations: dict[ArtistId, str] = {}
        for row in rows:
            artist = artists.setdefault(row[7], _artist(row[7:]))
            if row[12]:
                disambiguations[artist.id] = row[12]
            matches[row[0]].append(_match(row[:7], artist, row[12]))
        return Findings(matches=matches, artists=artists, disambiguations=disambiguations)


def _match(row: Sequence[Any], artist: Artist, disambiguation: str | None) -> Match:
    _, way, service, value, name, distance, canonical = row
    return Match(
        artist_id=artist.id,
        way=Way(way) if canonical else Way.ALIAS,
        id=ExternalId(service=MusicService(service), value=value) if service else None,
        name=name,
        distance=distance,
        services=frozenset(MusicService(known) for known in artist.external_ids),
        disambiguation=frozenset(search_key(disambiguation or "").split()),
    )


def _artist(row: Sequence[Any]) -> Artist:
    return Artist(
        id=row[0],
        canonical_name=row[1],
        external_ids=row[2],
        metadata=row[3],
        created_at=row[4],
    )
