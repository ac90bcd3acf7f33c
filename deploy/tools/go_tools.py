"""Tools that come with Go: built by ``go install`` in the versions of ``go-tools.txt``."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from deploy.tools.places import BIN, HERE, ToolError


def wanted() -> dict[str, str]:
    """The package with its version of each command, as ``go install`` takes them."""
    lines = (HERE / "go-tools.txt").read_text("utf-8").splitlines()
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return {command: package for command, package in pairs}  # noqa: C416


def find_go() -> str | None:
    """Go's command, also where it is not on the path; None without Go."""
    return shutil.which("go") or shutil.which("/usr/local/go/bin/go")


def can_bring(command: str) -> bool:
    """Whether a tool is there, or Go to build it."""
    return (BIN / command).exists() or find_go() is not None


def bring(command: str) -> Path:
    """The tool in its pinned version, built where it is missing or another.

    Without Go what is there is taken as it is. ``ToolError`` where it is not there either.
    """
    binary, package, go = BIN / command, wanted()[command], find_go()
    if is_there(command):
        return binary
    if go is None:
        raise ToolError(
            f"{command} comes with Go: install Go 1.26 or later (apt-get install golang, or "
            f"go.dev/dl) and run this again, or put {command} ({package}) into {BIN}"
        )
    BIN.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BIN) as place:
        done = subprocess.run(
            ["nice", "-n", "10", go, "install", package],
            env={**os.environ, "GOBIN": place},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise ToolError(
                f"Go could not install {command}; put {package} into {BIN}:\n{done.stderr}"
            )
        (built,) = Path(place).iterdir()  # Go names it after its folder, whatever that is
        built.replace(binary)
    return binary


def is_there(command: str) -> bool:
    """Whether a tool needs no building: it is there in its version, or no Go is there to ask."""
    binary, go = BIN / command, find_go()
    if go is None or not binary.exists():
        return binary.exists()
    return _built_from(binary, go) == wanted()[command]


def _built_from(binary: Path, go: str) -> str | None:
    """What a binary says it was built from, as ``package@version``; None if it says nothing."""
    told = subprocess.run(
        [go, "version", "-m", binary], capture_output=True, text=True, check=False
    )
    words = [line.split() for line in told.stdout.splitlines()]
    facts = {line[0]: line[1:] for line in reversed(words) if len(line) > 1}
    return f"{facts['path'][0]}@{facts['mod'][1]}" if {"path", "mod"} <= facts.keys() else None
