"""A slow line, a service that is away, too many requests: told, with a way on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.process import Serve
from tests.web.conftest import Play
from tests.web.test_journeys import fine

pytestmark = pytest.mark.slow


def test_each_trouble_is_told_with_a_way_on(
    web_app: None, play: Play, make_database: Callable[[], str], redis_url: str, tmp_path: Path
) -> None:
    settings = {"DATABASE_URL": make_database(), "REDIS_URL": redis_url}
    log = tmp_path / "log"
    running = [Serve(log, **settings).wait()]
    port = running[0].port

    def restart(**more: str) -> None:
        if running[-1].process.poll() is None:
            running[-1].kill()
        running.append(Serve(log, port=port, **settings, **more).wait())

    asked = {
        "stop": running[0].kill,
        "start": restart,
        # Others at this address have used up what there is.
        "exhaust": lambda: restart(NODRAKE_REQUEST_LIMITS="1/60"),
        "forgive": restart,
    }
    try:
        found = fine(play("troubles", port, asked))
    finally:
        if running[-1].process.poll() is None:
            running[-1].kill()
    assert "eyJ" not in str(found)
