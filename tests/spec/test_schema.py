"""The schema as text follows the migrations."""

from pathlib import Path

from adapters.postgres.migrations import FOLDER
from adapters.postgres.schema import describe_schema


def test_the_golden_schema_is_what_the_migrations_make(template_url: str) -> None:
    golden = (FOLDER / "schema.sql").read_text("utf-8")
    assert describe_schema(template_url) == golden, "the schema has changed: run `make schema`"


def test_every_table_says_what_it_is_and_every_time_has_a_zone() -> None:
    golden = Path(FOLDER / "schema.sql").read_text("utf-8")
    assert "timestamp without time zone" not in golden
    tables = golden.split("create table ")[1:]
    assert len(tables) >= 10
    assert golden.count("\n-- ") >= len(tables)
