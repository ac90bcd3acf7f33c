"""Compatibility: no change may break a client of the released API. Judged by oasdiff."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from spec.contract.client import ROOT
from spec.contract.errors import ContractError

RELEASED = ROOT / "spec" / "openapi.released.json"
CURRENT = ROOT / "spec" / "openapi.json"
TOOLS = ROOT / ".tools"
OASDIFF = "github.com/oasdiff/oasdiff@v1.31.0"
# What oasdiff lets pass as harmless, and breaks our clients: they switch on these.
_SEVERITIES = """\
response-property-enum-value-removed err
response-mediatype-enum-value-removed err
response-property-became-optional err
response-required-property-removed err
response-optional-property-removed err
response-non-success-status-removed err
response-property-all-of-removed err
request-property-became-required err
new-required-request-property err
api-removed-without-deprecation err
"""


def can_judge() -> bool:
    """Whether oasdiff is there, or Go to bring it."""
    return (TOOLS / "oasdiff").exists() or _go() is not None


def find_breaking_changes(released: Path = RELEASED, current: Path = CURRENT) -> list[str]:
    """What would break a client of the released API, one line each; empty if nothing would."""
    TOOLS.mkdir(exist_ok=True)
    severities = TOOLS / "severities.txt"
    severities.write_text(_SEVERITIES)
    done = subprocess.run(
        [
            _oasdiff(), "breaking", "--flatten-allof", "--format", "json",
            "--severity-levels", str(severities), str(released), str(current),
        ],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise ContractError(f"oasdiff failed:\n{done.stderr}")
    changes = json.loads(done.stdout or "[]")
    return [
        f"{change.get('operation', '')} {change.get('path', '')}: {change['text']} [{change['id']}]"
        for change in changes or []
    ]


def _oasdiff() -> str:
    binary = TOOLS / "oasdiff"
    if not binary.exists():
        go = _go()
        if go is None:
            raise ContractError(
                "oasdiff judges compatibility and comes with Go: install Go (apt-get install "
                f"golang) and run this again, or put oasdiff ({OASDIFF}) into .tools/"
            )
        subprocess.run(
            [go, "install", OASDIFF], env={**os.environ, "GOBIN": str(TOOLS)}, check=True
        )
    return str(binary)


def _go() -> str | None:
    return shutil.which("go") or shutil.which("/usr/local/go/bin/go")
