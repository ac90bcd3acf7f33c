"""A collector of traces that is dead, frozen or slow: nobody who uses the service notices."""

import json
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.e2e.process import Serve

pytestmark = pytest.mark.slow


@contextmanager
def dead() -> Iterator[str]:
    """Nobody listens."""
    yield "http://127.0.0.1:1"


@contextmanager
def frozen() -> Iterator[str]:
    """Connections are taken, and nothing is ever answered."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(512)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def deaf() -> Iterator[str]:
    """Connections are not even taken: the queue of the listener is full."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("collector", [dead, frozen, deaf])
def test_requests_are_answered_and_the_process_ends(
    collector: type, migrated_database_url: str, redis_url: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with collector() as url:
        serve = Serve(
            log,
            DATABASE_URL=migrated_database_url,
            REDIS_URL=redis_url,
            NODRAKE_OTLP_ENDPOINT=url,
            NODRAKE_TRACE_PERCENT="100",
        )
        try:
            with httpx.Client(base_url=serve.wait().url, trust_env=False, timeout=3) as api:
                # More spans than the queue holds: what is too many is dropped, not waited for.
                statuses = {api.get("/api-docs/openapi.json").status_code for _ in range(300)}
                statuses |= {api.get("/health/ready").status_code for _ in range(2200)}
            assert statuses == {200}
            serve.process.send_signal(signal.SIGTERM)
            serve.process.wait(15)
        finally:
            if serve.process.poll() is None:
                serve.kill()
    lines = [json.loads(line) for line in log.read_bytes().splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert len(requests) >= 2500
    assert all(len(line["trace_id"]) == 32 for line in requests)
    assert len(lines) - len(requests) < 50, "the outage fills the log"
