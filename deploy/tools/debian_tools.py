"""What comes from Debian: promtool, out of a package that is not installed, and two servers.

nginx and PgBouncer are installed, because they bring libraries; they are not started.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from deploy.tools.places import BIN, ToolError

_FETCH = ("apt-get", "download", "prometheus")
_SERVERS = {"nginx": "nginx-light", "pgbouncer": "pgbouncer"}
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


def bring_promtool() -> Path:
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


def bring_servers() -> None:
    """nginx and PgBouncer, by ``apt-get`` where they are missing; ``ToolError`` where it cannot."""
    missing = [package for name, package in _SERVERS.items() if not shutil.which(name, path=_PATH)]
    if not missing:
        return
    print(f"installing {' and '.join(missing)}", flush=True)
    install = ("apt-get", "install", "-qq", "-y", "--no-install-recommends", *missing)
    has_apt = shutil.which("apt-get") is not None
    done = has_apt and _run(*install) == 0
    if has_apt and not done:  # no lists of packages yet
        done = _run("apt-get", "update", "-qq") == 0 and _run(*install) == 0
    if not done:
        raise ToolError(
            f"{' and '.join(missing)} could not be installed: as root, "
            f"apt-get install {' '.join(missing)}"
        )


def versions() -> dict[str, str]:
    """The version of each, such as ``2.42.0+ds``."""
    return {
        "promtool": _told(str(BIN / "promtool"), "--version").split()[2],
        "nginx": _told("nginx", "-v").rpartition("/")[2].strip(),
        "pgbouncer": _told("pgbouncer", "--version").split()[1],
    }


def _told(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PATH": _PATH})
    return done.stdout or done.stderr


def _run(*command: str, cwd: str = "/") -> int:
    # No service is started: invoke-rc.d takes the machine for one that is being mended.
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    done = subprocess.run(command, cwd=cwd, capture_output=True, check=False, env=environ)
    return done.returncode
