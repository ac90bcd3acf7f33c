"""Tools that come as Python packages: a virtual environment of their own, hashes checked."""

import hashlib
import json
import subprocess
import sys

from deploy.tools.places import HERE, VENV, ToolError

LOCK = HERE / "requirements.lock"
_STAMP = VENV / ".lock"


def bring_all() -> None:
    """Make the environment anew where the lock is another than the one it was made from."""
    if are_there():
        return
    _run(sys.executable, "-m", "venv", "--clear", str(VENV))
    _run(
        *(str(VENV / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"),
        *("--require-hashes", "-r", str(LOCK)),
    )
    _STAMP.write_text(_digest())


def are_there() -> bool:
    """Whether the environment was made from the lock as it is now."""
    return _STAMP.exists() and _STAMP.read_text() == _digest()


def versions() -> dict[str, str]:
    """The version of each package that ``requirements.in`` names, as it is installed."""
    named = (HERE / "requirements.in").read_text("utf-8").split()
    listed = _run(str(VENV / "bin" / "pip"), "list", "--format=json", "--disable-pip-version-check")
    installed = {
        package["name"].lower().replace("_", "-"): package["version"]
        for package in json.loads(listed)
    }
    return {name: installed[name] for name in named}


def _digest() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ToolError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
