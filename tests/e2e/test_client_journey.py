"""The generated client against the real process."""

import json
import subprocess
from pathlib import Path

import pytest

from spec.contract.client import CLIENT
from tests.e2e.process import ROOT, running
from tests.entrypoints.http.test_blocklists import REAL_LIST, a_list

pytestmark = pytest.mark.slow


def test_a_person_gets_by_with_the_client_alone(data: Path, tmp_path: Path) -> None:
    file = REAL_LIST
    if not file.exists():
        file = tmp_path / "list.csv"
        file.write_text(a_list(*(f"Artist {n:04}" for n in range(250))))
    subprocess.run(["npm", "run", "--silent", "build"], cwd=CLIENT, check=True)
    with running(data) as up:
        done = subprocess.run(
            ["node", "tests/e2e/client_journey.mjs", up.url, str(file)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr + up.output[-2000:]
        rows = len(file.read_text("utf-8").splitlines()) - 1
        assert json.loads(done.stdout)["imported"] == rows
        for secret in ("seven quiet otters", "eyJ"):
            assert secret not in up.output, "a secret is in the log"


def test_a_person_gets_by_with_passkeys_alone(data: Path) -> None:
    subprocess.run(["npm", "run", "--silent", "build"], cwd=CLIENT, check=True)
    with running(data) as up:
        done = subprocess.run(
            ["node", "tests/e2e/passkey_journey.mjs", up.url, f"http://localhost:{up.port}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr + up.output[-2000:]
        assert "eyJ" not in up.output, "a secret is in the log"
