"""Document and client follow the routes."""

import json
import shutil
from pathlib import Path

import pytest

from spec.contract.client import GENERATED
from spec.contract.drift import DOCUMENT, find_drift

pytestmark = pytest.mark.slow


def test_document_and_client_follow_the_routes() -> None:
    assert find_drift() == "", "run `make gen`"


def test_a_document_that_was_edited_is_shown(tmp_path: Path) -> None:
    document = json.loads(DOCUMENT.read_bytes())
    document["paths"]["/api/v1/dnp/list"]["get"]["operationId"] = "listArtists"
    edited = tmp_path / "openapi.json"
    edited.write_text(json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    drift = find_drift(document=edited)
    assert '-        "operationId": "listArtists"' in drift
    assert '+        "operationId": "listBlockedArtists"' in drift


def test_a_client_that_was_edited_is_shown(tmp_path: Path) -> None:
    edited = tmp_path / "generated"
    shutil.copytree(GENERATED, edited)
    sdk = edited / "sdk.gen.ts"
    sdk.write_text(sdk.read_text().replace("export const logOut", "export const signOut"))
    (edited / "extra.gen.ts").write_text("export {};\n")
    drift = find_drift(generated=edited)
    assert "-export const signOut" in drift
    assert "extra.gen.ts" in drift
