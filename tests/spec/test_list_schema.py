"""The published schema of exported lists is that of what is exported."""

import json

from spec.contract.list_schema import SCHEMA, list_schema


def test_the_schema_follows_the_export() -> None:
    assert SCHEMA.read_bytes() == list_schema(), "run `make gen`"


def test_what_is_published_stays() -> None:
    schema = json.loads(SCHEMA.read_bytes())
    entry = schema["$defs"]["ExportedEntry"]
    assert {"artist", "external_ids", "tags", "note", "added_at"} <= set(entry["required"])
    assert schema["$defs"]["ExportedList"]["properties"]["version"]["const"] == 1
