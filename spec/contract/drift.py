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


def generate(document: Path = DOCUMENT, generated: Path = GENERATED) -> None:
    """Write the document, and the client from it: both, or neither if one cannot be made."""
    with tempfile.TemporaryDirectory() as folder:
        fresh_document, fresh_client = _make(Path(folder))
        shutil.rmtree(generated, ignore_errors=True)
        shutil.copytree(fresh_client, generated)
        shutil.copyfile(fresh_document, document)


def find_drift(document: Path = DOCUMENT, generated: Path = GENERATED) -> str:
    """What differs between what is there and what would be generated; empty if nothing does."""
    with tempfile.TemporaryDirectory() as folder:
        fresh_document, fresh_client = _make(Path(folder))
        lines = list(_compare_file("spec/openapi.json", document, fresh_document))
        lines += _compare_folder("clients/typescript/src/generated", generated, fresh_client)
    if len(lines) > _LONGEST:
        lines = [*lines[:_LONGEST], f"… and {len(lines) - _LONGEST} more lines"]
    return "\n".join(lines)


def _make(folder: Path) -> tuple[Path, Path]:
    document, client = folder / "openapi.json", folder / "generated"
    document.write_bytes(api_document())
    generate_client(document, client)
    return document, client


def _compare_folder(name: str, there: Path, fresh: Path) -> Iterator[str]:
    files = {
        path.relative_to(root)
        for root in (there, fresh)
        for path in root.rglob("*")
        if path.is_file()
    }
    for file in sorted(files):
        yield from _compare_file(f"{name}/{file}", there / file, fresh / file)


def _compare_file(name: str, there: Path, fresh: Path) -> Iterator[str]:
    before, after = (path.read_bytes() if path.exists() else None for path in (there, fresh))
    if before == after:
        return
    shown = list(
        difflib.unified_diff(
            _lines(before), _lines(after), f"{name} (is)", f"{name} (should be)", lineterm="", n=1
        )
    )
    yield from shown or [f"{name}: differs in its bytes, or is empty on one side only"]


def _lines(content: bytes | None) -> list[str]:
    return (content or b"").decode("utf-8", "backslashreplace").splitlines()
