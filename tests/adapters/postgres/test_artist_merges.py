"""A merge of artists leaves nothing out: no table and no column that others add later."""

import psycopg
import pytest

from adapters.postgres.merge_exceptions import EXCEPTION_COLUMNS
from adapters.postgres.merge_statements import (
    COPIED_COLUMNS,
    ENTRY_COLUMNS,
    NAME_COLUMNS,
    TABLES,
)

_REFERRING = """
select distinct conrelid::regclass::text from pg_constraint
where contype = 'f' and confrelid = 'artists'::regclass
"""
_COLUMNS = """
select column_name from information_schema.columns
where table_schema = 'public' and table_name = %s and is_generated = 'NEVER'
"""


def test_every_table_that_refers_to_artists_is_seen_to(migrated_database_url: str) -> None:
    with psycopg.connect(migrated_database_url) as database:
        referring = {name for (name,) in database.execute(_REFERRING)}
    assert referring == TABLES, (
        "say in merge_statements.py what becomes of its rows when artists are merged, and again "
        "when that is undone; with tests"
    )


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("artist_names", NAME_COLUMNS),
        ("user_artist_blocks", (*ENTRY_COLUMNS, *COPIED_COLUMNS)),
        ("user_exceptions", EXCEPTION_COLUMNS),
    ],
)
def test_what_is_put_back_is_whole(
    table: str, columns: tuple[str, ...], migrated_database_url: str
) -> None:
    with psycopg.connect(migrated_database_url) as database:
        there = {name for (name,) in database.execute(_COLUMNS, [table])}
    assert there == set(columns), "the end of a merge would lose the rest"
