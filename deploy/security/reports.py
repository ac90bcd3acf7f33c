"""What pip-audit and npm answer, read so that what they did not look at is not taken for safe."""

import json
from typing import Any

import msgspec

from deploy.security.exceptions import Ecosystem


class Vulnerability(msgspec.Struct, frozen=True, kw_only=True):
    """A known vulnerability of a package that we have; ``ids`` are all names of the advisory."""

    ecosystem: Ecosystem
    package: str
    ids: frozenset[str]
    remedy: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What one tool found, and what kept it from looking: ``problems`` make an audit fail."""

    vulnerabilities: list[Vulnerability]
    problems: list[str]


def read_pip_audit(answer: str, pinned: set[str]) -> Report:
    """The JSON of ``pip-audit --format json``; each of ``pinned`` must have been looked at."""
    document = _parsed(answer)
    if document is None or not isinstance(document.get("dependencies"), list):
        return _unread("pip-audit gave no answer; what it said on the way is above")
    entries: list[dict[str, Any]] = document["dependencies"]
    skipped = {entry["name"] for entry in entries if "skip_reason" in entry}
    seen = {entry["name"].lower().replace("_", "-") for entry in entries}
    return Report(
        vulnerabilities=[
            Vulnerability(
                ecosystem="pypi",
                package=entry["name"],
                ids=frozenset({vulnerability["id"], *vulnerability.get("aliases", [])}),
                remedy=_upgrade(vulnerability.get("fix_versions", [])),
            )
            for entry in entries
            for vulnerability in entry.get("vulns", [])
        ],
        problems=[
            *_left_out("pip-audit skipped", skipped),
            *_left_out("pip-audit did not mention", pinned - seen),
        ],
    )


def read_npm_audit(answer: str, locked: int) -> Report:
    """The JSON of ``npm audit --json``; it must have looked at ``locked`` packages or more."""
    document = _parsed(answer)
    if document is None or "vulnerabilities" not in document:
        said = f": {document['message']}" if document and "message" in document else ""
        return _unread(f"npm audit gave no answer{said}")
    looked_at = document.get("metadata", {}).get("dependencies", {}).get("total", 0)
    found = {
        (name, via["url"].rpartition("/")[2]): via
        for name, entry in document["vulnerabilities"].items()
        for via in entry["via"]
        if isinstance(via, dict)  # a text names another package, which has an entry of its own
    }
    return Report(
        vulnerabilities=[
            Vulnerability(
                ecosystem="npm",
                package=via.get("name", name),
                ids=frozenset({advisory}),
                remedy=f"{via['severity']}: {via['title']} ({via['range']})",
            )
            for (name, advisory), via in sorted(found.items())
        ],
        problems=[f"npm audit looked at {looked_at} of {locked} packages"]
        if looked_at < locked
        else [],
    )


def _parsed(answer: str) -> dict[str, Any] | None:
    try:
        document = json.loads(answer)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _unread(problem: str) -> Report:
    return Report(vulnerabilities=[], problems=[problem])


def _left_out(what: str, names: set[str]) -> list[str]:
    if not names:
        return []
    first, rest = sorted(names)[:5], len(names) - 5
    return [f"{what} {', '.join(first)}" + (f" and {rest} more" if rest > 0 else "")]


def _upgrade(versions: list[str]) -> str:
    return f"fixed in {', '.join(versions)}" if versions else "not fixed in any version"
