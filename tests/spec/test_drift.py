"""Document and client follow the routes."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from spec.contract.client import CLIENT, GENERATED, ROOT
from spec.contract.drift import DOCUMENT, find_drift, generate
from spec.contract.errors import ContractError

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


def test_a_difference_that_no_line_shows_is_named(tmp_path: Path) -> None:
    document, generated = tmp_path / "openapi.json", tmp_path / "generated"
    document.write_bytes(DOCUMENT.read_bytes().replace(b"\n", b"\r\n"))
    shutil.copytree(GENERATED, generated)
    sdk = generated / "sdk.gen.ts"
    sdk.write_bytes(sdk.read_bytes().rstrip(b"\n"))
    (generated / "empty.txt").touch()
    drift = find_drift(document, generated)
    for name in ("spec/openapi.json", "generated/sdk.gen.ts", "generated/empty.txt"):
        assert f"{name}: differs" in drift


def test_the_command_says_what_to_run(tmp_path: Path) -> None:
    for part in (
        "adapters",
        "application",
        "deploy",
        "domain",
        "entrypoints",
        "migrations",
        "spec",
    ):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("*.pyc"))
    client = tmp_path / "clients" / "typescript"
    shutil.copytree(CLIENT, client, ignore=shutil.ignore_patterns("node_modules", "dist"))
    (client / "node_modules").symlink_to(CLIENT / "node_modules")
    route = tmp_path / "entrypoints" / "http" / "accounts" / "routes.py"
    summary = "Sign in with e-mail address and password"
    route.write_text(route.read_text("utf-8").replace(summary, "Open the door"), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "spec.contract", "drift"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    assert f'-        "summary": "{summary}"' in done.stdout
    assert '+        "summary": "Open the door"' in done.stdout
    assert "run `make gen`" in done.stdout


def test_generating_writes_what_drift_compares_with(tmp_path: Path) -> None:
    document, generated = tmp_path / "openapi.json", tmp_path / "generated"
    generated.mkdir()
    (generated / "old.gen.ts").write_text("export {};\n")
    generate(document, generated)
    assert find_drift(document, generated) == ""


def test_without_node_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document, generated = tmp_path / "openapi.json", tmp_path / "generated"
    document.write_text("{}")
    shutil.copytree(GENERATED, generated)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ContractError, match="Node 20"):
        generate(document, generated)
    assert document.read_text() == "{}"
    assert (generated / "sdk.gen.ts").exists()
