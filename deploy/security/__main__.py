"""`python -m deploy.security`: the audit of every lock file; 1 where it does not pass."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from deploy.security.exceptions import read_exceptions
from deploy.security.judgement import complaints
from deploy.security.reports import Report, read_npm_audit, read_pip_audit
from deploy.tools.places import ROOT, VENV

_HERE = Path(__file__).parent
_NODE_FOLDERS = (ROOT / "clients" / "typescript", ROOT / "clients" / "web")


def main() -> int:
    """Ask both tools, hold their answers against the exceptions, and say what is wrong."""
    exceptions = read_exceptions((_HERE / "audit-exceptions.json").read_text("utf-8"))
    reports = [_python(ROOT / "requirements.lock"), *(_node(each) for each in _NODE_FOLDERS)]
    wrong = complaints(reports, exceptions, datetime.now(UTC).date())
    for complaint in wrong:
        print(f"audit: {complaint}", file=sys.stderr)
    if not wrong:
        print(
            f"audit: nothing known against {len(reports)} lock files; {len(exceptions)} tolerated"
        )
    return 1 if wrong else 0


def _python(lock: Path) -> Report:
    """Every package of the lock that is installed on this platform and version of Python."""
    answer = _ask(
        [str(VENV / "bin" / "pip-audit"), "--requirement", str(lock), "--require-hashes",
         "--disable-pip", "--progress-spinner=off", "--format=json"], ROOT,
    )  # fmt: skip
    everywhere = re.findall(
        r"^([A-Za-z0-9._-]+)==[^;\s]+ \\$", lock.read_text("utf-8"), re.MULTILINE
    )
    return read_pip_audit(answer, {name.lower().replace("_", "-") for name in everywhere})


def _node(folder: Path) -> Report:
    packages = json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]
    answer = _ask(["npm", "audit", "--json", "--package-lock-only"], folder)
    return read_npm_audit(answer, len(packages) - 1)  # the first one is ours


def _ask(command: list[str], folder: Path) -> str:
    """What a tool answers; its exit status says no more than that, and less than is needed."""
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, text=True, timeout=600, check=False
    )
    return done.stdout


sys.exit(main())
