"""promtool, out of Debian's package ``prometheus``: the server is neither installed nor started."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from deploy.tools.places import BIN, ToolError

_FETCH = ("apt-get", "download", "prometheus")


def bring() -> Path:
    """promtool in ``.tools/bin``: the one on the path, else the one of Debian's package."""
    tool = BIN / "promtool"
    if tool.exists():
        return tool
    BIN.mkdir(parents=True, exist_ok=True)
    tool.unlink(missing_ok=True)  # a link whose end is gone
    found = shutil.which("promtool")
    if found:
        tool.symlink_to(found)
        return tool
    with tempfile.TemporaryDirectory() as folder:
        try:
            if _run(*_FETCH, cwd=folder) != 0:  # no lists of packages yet
                _run("apt-get", "update", "-qq", cwd=folder)
                _run(*_FETCH, cwd=folder)
            package = next(Path(folder).glob("prometheus_*.deb"))
            _run("dpkg-deb", "-x", str(package), folder, cwd=folder)
            shutil.copy2(Path(folder) / "usr/bin/promtool", tool)
        except (OSError, StopIteration) as error:
            raise ToolError(
                "promtool comes with Debian's package prometheus, which could not be fetched: as "
                f"root, apt-get update, then run this again; or put promtool into {BIN}"
            ) from error
    return tool


def version() -> str:
    """The version that promtool names, such as ``2.42.0+ds``."""
    told = subprocess.run(
        [BIN / "promtool", "--version"], capture_output=True, text=True, check=True
    )
    return (told.stdout or told.stderr).split()[2]


def _run(*command: str, cwd: str) -> int:
    return subprocess.run(command, cwd=cwd, capture_output=True, check=False).returncode
