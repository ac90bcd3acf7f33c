"""The built web app, the real service, and a real browser."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.process import Up, running
from tests.web.node import ROOT, node, npm_run

Asked = Mapping[str, Callable[[], object]]
Play = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def web_app() -> None:
    """Built from the source as it is."""
    built = npm_run("build")
    assert built.returncode == 0, built.stdout + built.stderr


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program; tests fail where it is missing, and say so."""
    named = os.environ.get("NODRAKE_CHROMIUM")
    program = named or shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "Chromium is needed: make chromium, or name one with NODRAKE_CHROMIUM"
    return program


@pytest.fixture(scope="session")
def up(web_app: None) -> Iterator[Up]:
    """The service with its worker and its mail, for all journeys: each brings people of its own."""
    with tempfile.TemporaryDirectory(prefix="nodrake-") as folder:
        Path(folder).chmod(0o755)
        with running(Path(folder) / "data") as service:
            yield service


@pytest.fixture(scope="session")
def play(chromium: str) -> Play:
    """Plays a journey; its report."""

    def play(name: str, port: int, asked: Asked | None = None, **settings: object) -> Any:
        # By the name that development has: cookies and passkeys are bound to it.
        origin = f"http://localhost:{port}"
        with subprocess.Popen(
            [node(), "tests/web/driver/play.mjs", name, chromium, origin, json.dumps(settings)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            for line in process.stdout:
                told = json.loads(line)
                if "report" in told:
                    return told["report"]
                (asked or {})[told["ask"]]()
                print("true", file=process.stdin, flush=True)
        raise AssertionError(f"{name} ended without a report")

    return play
