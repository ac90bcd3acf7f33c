"""The built web app, the real service, and a real browser."""

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.process import Up, running
from tests.web.browser import find_chromium, play_journey
from tests.web.node import npm_run

Play = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def web_app() -> None:
    """Built from the source as it is."""
    built = npm_run("build")
    assert built.returncode == 0, built.stdout + built.stderr


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program; tests fail where it is missing, and say so."""
    return find_chromium()


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
    return partial(play_journey, chromium)
