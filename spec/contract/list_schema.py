"""The published schema of an exported list: what other programs may rely on."""

import json

import msgspec

from entrypoints.http.blocklists.schemas import ExportedList
from spec.contract.client import ROOT

SCHEMA = ROOT / "spec" / "do-not-play-list.schema.json"


def list_schema() -> bytes:
    """JSON Schema (2020-12) of the document that `exportBlockedArtists` writes as JSON."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:nodrake:schema:do-not-play-list:1",
        "title": "Do-not-play list",
        **msgspec.json.schema(ExportedList),
    }
    schema["$defs"]["ExportedList"]["properties"]["version"] = {
        "const": 1,
        "description": "Another one only where readers of this one would go wrong.",
    }
    return json.dumps(schema, indent=2, ensure_ascii=False).encode() + b"\n"
