"""The units, as systemd itself reads them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.process import ROOT

UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
# Of ten, as `systemd-analyze security` counts: what a service could do if it were taken over.
_EXPOSURE = 2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The units; the command that they start is ours."""
    command = Path(sys.executable).with_name("nodrake")
    for unit in UNITS:
        text = unit.read_text()
        assert text.count("/opt/nodrake/bin/nodrake") == 1
        (tmp_path / unit.name).write_text(text.replace("/opt/nodrake/bin/nodrake", str(command)))
    return tmp_path


def analyse(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """``systemd-analyze`` with English answers."""
    command = shutil.which("systemd-analyze")
    assert command, "systemd-analyze is needed; on Debian: apt-get install systemd"
    return subprocess.run([command, "--man=no", *arguments], capture_output=True, text=True)


def complaints(folder: Path, name: str) -> str:
    """What systemd says of one unit; other units of this machine may say something too."""
    unit = name.replace("@.", "@3001.")
    if unit != name:
        shutil.copy(folder / name, folder / unit)
    done = analyse("verify", str(folder / unit))
    return "\n".join(line for line in done.stderr.splitlines() if "nodrake" in line)


@pytest.mark.parametrize("unit", [unit.name for unit in UNITS])
def test_systemd_has_nothing_to_say_of_it(folder: Path, unit: str) -> None:
    assert complaints(folder, unit) == ""


@pytest.mark.parametrize("unit", [unit.name for unit in UNITS])
def test_little_can_be_done_by_a_service_that_is_taken_over(folder: Path, unit: str) -> None:
    done = analyse(
        "security", "--offline=true", f"--threshold={_EXPOSURE * 10}", str(folder / unit)
    )
    assert done.returncode == 0, done.stdout[-200:]


def test_a_mistake_is_seen(folder: Path) -> None:
    unit = folder / "nodrake-worker.service"
    unit.write_text(unit.read_text().replace("KillMode=mixed", "KillMode=gentle"))
    assert "kill mode" in complaints(folder, unit.name)


def test_a_restart_has_the_time_that_a_process_takes_to_end() -> None:
    for unit in UNITS:
        if "migrate" not in unit.name:
            assert "TimeoutStopSec=15" in unit.read_text()
            assert "KillMode=mixed" in unit.read_text()
