"""Where the catalogue comes from, in the data map: none of it is about the people here."""

from collections.abc import Mapping

from adapters.postgres.table_map import TableMap
from domain.catalog.dump_rows import COLUMNS

_CATALOGUE = "it belongs to the catalogue"

CATALOG_TABLES: Mapping[str, TableMap] = {
    "catalog_sources": TableMap(
        purpose="where the catalogue comes from, under which licence; nobody's personal data",
        kept="for good",
        held_back=dict.fromkeys(("name", "title", "licence", "address"), _CATALOGUE),
    ),
    "catalog_imports": TableMap(
        purpose="which dump was imported when; nobody's personal data",
        kept="for good",
        held_back=dict.fromkeys(
            (
                "id", "source", "dump", "dump_mark", "stage", "lines_read", "staged", "merged",
                "added", "matched", "changed", "unchanged", "contested", "gone", "left_out",
                "started_at", "finished_at",
            ),
            _CATALOGUE,
        ),
    ),
    "contested_external_ids": TableMap(
        purpose="ids that a source gives to two artists; nobody's personal data",
        kept="until only one has it",
        held_back=dict.fromkeys(("service", "external_id", "artist_id", "source"), _CATALOGUE),
    ),
    **{
        staging.value: TableMap(
            purpose="what a dump says, until it is merged; nobody's personal data",
            kept="until the import has ended",
            held_back=dict.fromkeys(columns, _CATALOGUE),
        )
        for staging, columns in COLUMNS.items()
    },
}  # fmt: skip
