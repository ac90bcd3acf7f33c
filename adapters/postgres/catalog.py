"""The catalogue in PostgreSQL."""

from adapters.postgres.pool import Pool, fetch_all
from application.catalog.ports import Artist

# Each branch stops at so many names, so that a single letter costs as little as a whole name.
# They are more than the hits that are wanted, since an artist may go by many names; not many
# more, or the planner reads the whole word index where a look at the table would do.
_NAMES_PER_HIT = 4
_NAMES_AT_LEAST = 20
# A short beginning has its hits from the first two branches; the words of millions of names
# that begin with it are then never looked at.
_FIND = """
with beginnings as materialized (
    (select artist_id, 0 as rank from artist_names
     where search_key = %(key)s limit %(names)s)
    union all
    (select artist_id, 1 from artist_names
     where search_key like %(prefix)s order by search_key using ~<~ limit %(names)s)
), hits as (
    select artist_id, rank from beginnings
    union all
    (select artist_id, 2 from artist_names
     where (select count(distinct artist_id) from beginnings) < %(limit)s
       and to_tsvector('simple', search_key) @@ to_tsquery('simple', %(words)s)
     limit %(names)s)
), best as (
    select artist_id, min(rank) as rank from hits group by artist_id
)
select a.id, a.canonical_name, a.external_ids, a.metadata, a.created_at
from best join artists a on a.id = best.artist_id
order by best.rank, length(a.sort_key), a.sort_key, a.id
limit %(limit)s
"""


class PostgresArtistSearch:
    """``ArtistSearch`` on a prefix index and a word index."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find(self, key: str, limit: int, /) -> list[Artist]:
        """One statement of three bounded look-ups."""
        escaped = key.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        quoted = (word.replace("\\", r"\\").replace("'", "''") for word in key.split())
        rows = await fetch_all(
            self._pool,
            _FIND,
            {
                "key": key,
                "prefix": escaped + "%",
                "words": " & ".join(f"'{word}':*" for word in quoted),
                "names": _NAMES_AT_LEAST + _NAMES_PER_HIT * limit,
                "limit": limit,
            },
        )
        return [
            Artist(
                id=row[0],
                canonical_name=row[1],
                external_ids=row[2],
                metadata=row[3],
                created_at=row[4],
            )
            for row in rows
        ]
