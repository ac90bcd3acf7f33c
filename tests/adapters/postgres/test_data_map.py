"""The data map and the schema are the same."""

import pytest

from adapters.postgres.data_map import DATA_MAP
from adapters.postgres.pool import Pool, fetch_all

pytestmark = pytest.mark.anyio

_COLUMNS = """
select table_name, column_name from information_schema.columns where table_schema = 'public'
"""


async def test_every_column_is_in_the_map_and_nothing_else(pool: Pool) -> None:
    kept: dict[str, set[str]] = {}
    for table, column in await fetch_all(pool, _COLUMNS, {}):
        kept.setdefault(table, set()).add(column)
    mapped = {
        name: set(table.held_back) | (set() if table.select else set(table.shown))
        for name, table in DATA_MAP.items()
    }
    # A table that is shown in other words names all of its own columns as held back or shown.
    for name, table in DATA_MAP.items():
        if table.select:
            mapped[name] |= kept[name] & set(table.shown)
    assert mapped == kept


async def test_every_table_that_belongs_to_people_goes_with_them(pool: Pool) -> None:
    """By a foreign key that deletes, by a statement of the map, or by being nobody's."""
    cascading = {
        row[0]
        for row in await fetch_all(
            pool,
            """
            with recursive reached as (
                select 'users'::regclass as table
                union
                select c.conrelid::regclass from pg_constraint c join reached r
                on c.confrelid = r.table where c.contype = 'f' and c.confdeltype = 'c'
            )
            select "table"::text from reached
            """,
            {},
        )
    }
    of_people = {
        row[0]
        for row in await fetch_all(
            pool,
            """
            select table_name from information_schema.columns
            where table_schema = 'public' and column_name = 'user_id'
            """,
            {},
        )
    }
    pseudonymous = {"audit_log"}
    erased = {name for name, table in DATA_MAP.items() if table.erase}
    assert of_people - cascading - erased - pseudonymous == set()
