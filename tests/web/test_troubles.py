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
    database_url = make_database()

    def serve(port: int | None = None, limits: str = "1000000/60") -> Serve:
        return Serve(
            tmp_path / "log",
            port=port,
            DATABASE_URL=database_url,
            REDIS_URL=redis_url,
            NODRAKE_REQUEST_LIMITS=limits,
        ).wait()

    running = [serve()]
    port = running[0].port

    def stop() -> None:
        if running[-1].process.poll() is None:
            running[-1].kill()

    def restart(limits: str = "1000000/60") -> None:
        stop()
        running.append(serve(port, limits))

    asked = {
        "stop": stop,
        "start": restart,
        # Others at this address have used up what there is.
        "exhaust": lambda: restart("1/60"),
        "forgive": restart,
    }
    try:
        found = fine(play("troubles", port, asked))
    finally:
        stop()
    assert "eyJ" not in str(found)
