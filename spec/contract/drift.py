"""Drift: a document or a client that no longer follows the routes."""

import difflib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from entrypoints.http.app import api_document
from spec.contract.client import GENERATED, ROOT, generate_client

DOCUMENT = ROOT / "spec" / "openapi.json"
_LONGEST = 60


def generate() -> None:
    """Write the document, and the client from it."""
    DOCUMENT.write_bytes(api_document())
    shutil.rmtree(GENERATED, ignore_errors=True)
    generate_client(DOCUMENT, GENERATED)


def find_drift(document: Path = DOCUMENT, generated: Path = GENERATED) -> str:
    """What differs between what is there and what would be generated; empty if nothing does."""
    with tempfile.TemporaryDirectory() as folder:
        fresh_document, fresh_client = Path(folder) / "openapi.json", Path(folder) / "generated"
        fresh_document.write_bytes(api_document())
        generate_client(fresh_document, fresh_client)
        lines = list(_compare_file("spec/openapi.json", document, fresh_document))
        lines += _compare_folder("clients/typescript/src/generated", generated, fresh_client)
    if len(lines) > _LONGEST:
        lines = [*lines[:_LONGEST], f"… and {len(lines) - _LONGEST} more lines"]
    return "\n".join(lines)


def _compare_folder(name: str, there: Path, fresh: Path) -> Iterator[str]:
    files = {path.relative_to(root) for root in (there, fresh) for path in root.rglob("*.ts")}
    for file in sorted(files):
        yield from _compare_file(f"{name}/{file}", there / file, fresh / file)


def _compare_file(name: str, there: Path, fresh: Path) -> Iterator[str]:
    before, after = (
        path.read_text("utf-8").splitlines() if path.exists() else [] for path in (there, fresh)
    )
    yield from difflib.unified_diff(
        before, after, f"{name} (is)", f"{name} (should be)", lineterm="", n=1
    )
