"""The catalogue in PostgreSQL: looking artists up, and who is blocked how often."""

from adapters.postgres.errors import translated_errors
from adapters.postgres.pool import Pool, fetch_all, transaction_on
from application.catalog.ports import ALIASES_SHOWN, Artist, ArtistHit
from application.shared.ports import Clock
from domain.catalog.match import MatchReason
from domain.shared.ids import UserId

# Migration 0015 says how names are found; this adds what is shown of the few that were.
FIND = """
select f.reason, f.name, a.id, a.canonical_name, a.external_ids, a.metadata, a.created_at,
       a.disambiguation,
       array(
           select n.name from artist_names n
           where n.artist_id = a.id and n.name <> a.canonical_name
           order by n.name limit %(aliases)s
       ),
       exists (
           select from user_artist_blocks b
           where b.user_id = %(listener)s and b.artist_id = a.id
               and (b.until is null or b.until > %(now)s)
       )
from find_names(%(key)s, %(limit)s) with ordinality f (artist_id, name, reason, place)
join artists a on a.id = f.artist_id
order by f.place
"""
_LOCK = 0x706F70756C6172  # "popular": one at a time counts
_TURN = "select pg_try_advisory_xact_lock(%s)"
# Only what has changed is written; an artist that nobody blocks any more is forgotten.
_REFRESH = """
with counted as (
    select n.artist_id, n.name, n.search_key, n.core, b.popularity
    from (
        select artist_id, count(*)::integer as popularity
        from user_artist_blocks group by artist_id
    ) b
    join artist_names n on n.artist_id = b.artist_id
), gone as (
    delete from popular_names p
    where not exists (select from user_artist_blocks b where b.artist_id = p.artist_id)
    returning 1
), written as (
    insert into popular_names as p (artist_id, name, search_key, core, popularity)
    select artist_id, name, search_key, core, popularity from counted
    on conflict (artist_id, name) do update
    set search_key = excluded.search_key, core = excluded.core, popularity = excluded.popularity
    where (p.search_key, p.core, p.popularity)
        is distinct from (excluded.search_key, excluded.core, excluded.popularity)
    returning 1
)
select (select count(*) from gone) + (select count(*) from written)
"""


class PostgresArtistSearch:
    """``ArtistSearch`` on what migration 0015 keeps of every name."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    async def find(self, key: str, limit: int, /, *, listener: UserId) -> list[ArtistHit]:
        """One statement."""
        rows = await fetch_all(
            self._pool,
            FIND,
            {
                "key": key,
                "limit": limit,
                "listener": listener,
                "aliases": ALIASES_SHOWN,
                "now": self._clock(),
            },
        )
        return [
            ArtistHit(
                artist=Artist(
                    id=row[2],
                    canonical_name=row[3],
                    external_ids=row[4],
                    metadata=row[5],
                    created_at=row[6],
                ),
                reason=MatchReason(row[0]),
                matched_name=row[1],
                disambiguation=row[7],
                aliases=row[8],
                on_own_list=row[9],
            )
            for row in rows
        ]


class PostgresBlockCounts:
    """``BlockCounts`` in one statement on all lists, which no list has to wait for."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def refresh(self) -> int:
        """Count, compare, write."""
        with translated_errors():
            async with transaction_on(self._pool) as connection:
                turn = await (await connection.execute(_TURN, [_LOCK])).fetchone()
                if turn is None or not turn[0]:
                    return 0
                await connection.execute("set local statement_timeout = '5min'")
                row = await (await connection.execute(_REFRESH)).fetchone()
        return 0 if row is None else int(row[0])
