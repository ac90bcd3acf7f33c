"""Node, which builds the web app, runs its tests and drives the browser."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
WEB = ROOT / "clients" / "web"
_LEAST = (20, 19)


def node() -> str:
    """The program; tests fail where it is missing or too old, and say so."""
    program = shutil.which("node")
    assert program, "Node 20.19 or later is needed; on Debian 13: apt-get install nodejs npm"
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    version = tuple(int(part) for part in done.stdout.strip().removeprefix("v").split(".")[:2])
    assert version >= _LEAST, f"Node 20.19 or later is needed, this is {done.stdout.strip()}"
    has_packages = (WEB / "node_modules" / "vite").exists()
    assert has_packages, "the Node packages of the web app are missing: make web-packages"
    return program


def npm_run(script: str) -> "subprocess.CompletedProcess[str]":
    """Run one of the web app's scripts to its end."""
    node()
    return subprocess.run(
        ["npm", "run", "--silent", script],
        cwd=WEB,
        capture_output=True,
        text=True,
        check=False,
    )
