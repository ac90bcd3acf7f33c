"""Compatibility: no change may break a client of the released API. Judged by oasdiff."""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.tools import go_tools
from deploy.tools.places import ToolError
from spec.contract.client import ROOT
from spec.contract.errors import ContractError

Document = dict[str, Any]

RELEASED = ROOT / "spec" / "openapi.released.json"
CURRENT = ROOT / "spec" / "openapi.json"
# What oasdiff lets pass as harmless, and breaks our clients: they switch on codes and statuses,
# wait as long as a header says, and call functions that are named by operationId.
_SEVERITIES = """\
api-operation-id-removed err
optional-response-header-removed err
response-non-success-status-removed err
response-optional-property-removed err
response-property-enum-value-removed err
"""
# What oasdiff refuses, and no client breaks on: codes are append-only, and an unknown one still
# has its status and says whether to try again.
_NEW_PROBLEM_CODE = re.compile(r"enum value to the `code` response property .* status `[45]\d\d`")


def can_judge() -> bool:
    """Whether oasdiff is there, or Go to bring it."""
    return go_tools.can_bring("oasdiff")


def find_breaking_changes(released: Path = RELEASED, current: Path = CURRENT) -> list[str]:
    """What would break a client of the released API, one line each; empty if nothing would."""
    oasdiff = _oasdiff()
    before, after = _read(released), _read(current)
    _leave_new_problems_out(before, after)
    with tempfile.TemporaryDirectory() as folder:
        severities, old, new = (Path(folder) / name for name in ("severities.txt", "old", "new"))
        severities.write_text(_SEVERITIES)
        old.write_text(json.dumps(before))
        new.write_text(json.dumps(after))
        done = subprocess.run(
            [
                oasdiff, "breaking", "--flatten-allof", "--format", "json",
                "--severity-levels", str(severities), str(old), str(new),
            ],
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
    if done.returncode != 0:
        raise ContractError(f"oasdiff failed:\n{done.stderr}")
    changes = [
        f"{change.get('operation', '')} {change.get('path', '')}: {change['text']} [{change['id']}]"
        for change in json.loads(done.stdout or "[]") or []
        if not _NEW_PROBLEM_CODE.search(change["text"])
    ]
    return [*changes, *_closed_to_the_public(before, after)]


def _read(path: Path) -> Document:
    try:
        return json.loads(path.read_bytes(), object_hook=_without_notices)  # type: ignore[no-any-return]
    except (OSError, ValueError) as error:
        raise ContractError(f"{path} cannot be read: {error}") from error


def _without_notices(value: Document) -> Document:
    """To oasdiff, what was announced to go may go; to a client it is gone all the same."""
    return {name: part for name, part in value.items() if name != "deprecated" or part is not True}


def _leave_new_problems_out(before: Document, after: Document) -> None:
    """Drop alternatives of a problem whose codes are all new: to a client, each is a new code.

    A code that comes with members of its own makes its status a choice of shapes, and oasdiff
    takes that for another shape. What the released codes come with is still compared.
    """
    for path, item in before["paths"].items():
        for method, operation in item.items():
            now = after.get("paths", {}).get(path, {}).get(method, {}).get("responses", {})
            for status, response in operation.get("responses", {}).items():
                released, content = (
                    r.get("content", {}).get("application/problem+json", {})
                    for r in (response, now.get(status, {}))
                )
                known = set(_codes(released.get("schema", {})))
                choice = content.get("schema", {}).get("oneOf", [])
                kept = [schema for schema in choice if known & set(_codes(schema))]
                if kept:
                    content["schema"] = kept[0] if len(kept) == 1 else {"oneOf": kept}


def _codes(schema: Document) -> Iterator[str]:
    """The values of ``code`` that a problem's schema names."""
    yield from schema.get("properties", {}).get("code", {}).get("enum", [])
    for part in (*schema.get("allOf", []), *schema.get("oneOf", [])):
        yield from _codes(part)


def _closed_to_the_public(before: Document, after: Document) -> Iterator[str]:
    """Operations that now ask for credentials; oasdiff cannot tell this from a further choice."""
    for path, item in before["paths"].items():
        for method, operation in item.items():
            now = after.get("paths", {}).get(path, {}).get(method)
            if now is not None and _is_public(operation) and not _is_public(now):
                yield f"{method.upper()} {path}: credentials are required [security-required]"


def _is_public(operation: Document) -> bool:
    security = operation.get("security", [])
    return security == [] or {} in security


def _oasdiff() -> str:
    try:
        return str(go_tools.bring("oasdiff"))
    except ToolError as error:
        raise ContractError(str(error)) from error
