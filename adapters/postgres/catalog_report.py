"""What the catalogue is made of, in PostgreSQL."""

from adapters.postgres.catalog_imports import LEDGER, import_of
from adapters.postgres.errors import translated_errors
from adapters.postgres.pool import Pool, fetch_all
from application.catalog.imports import CatalogImport, SourceCount

_SOURCES = """
select a.source, coalesce(s.title, a.source), s.licence, a.artists, a.gone
from (
    select source, count(*) as artists, count(gone_at) as gone from artists group by source
) a
left join catalog_sources s on s.name = a.source
order by a.artists desc, a.source
"""


class PostgresCatalogReport:
    """``CatalogReport`` by counting: a second or two for millions."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def sources(self) -> list[SourceCount]:
        """One pass over the artists."""
        with translated_errors():
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute("set local statement_timeout = '60s'")
                rows = await (await connection.execute(_SOURCES)).fetchall()
        return [
            SourceCount(source=row[0], title=row[1], licence=row[2], artists=row[3], gone=row[4])
            for row in rows
        ]

    async def imports(self, limit: int, /) -> list[CatalogImport]:
        """From the ledger."""
        rows = await fetch_all(
            self._pool,
            f"select {LEDGER} from catalog_imports order by started_at desc, id desc "  # noqa: S608
            "limit %(limit)s",
            {"limit": limit},
        )
        return [import_of(row) for row in rows]
