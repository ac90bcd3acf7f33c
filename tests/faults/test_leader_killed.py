"""F-3: of several API processes the one that leads is killed, and no other signal is sent."""

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.e2e.process import serving

pytestmark = pytest.mark.slow


def test_the_others_leave_the_port(
    tmp_path: Path, migrated_database_url: str, redis_url: str
) -> None:
    with serving(
        tmp_path / "log", workers=2, DATABASE_URL=migrated_database_url, REDIS_URL=redis_url
    ) as serve:
        os.kill(serve.process.pid, signal.SIGKILL)
        serve.process.wait(30)
        until = time.monotonic() + 30
        while True:
            with socket.socket() as listener:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    listener.bind(("127.0.0.1", serve.port))
                except OSError:
                    assert time.monotonic() < until, "somebody still listens"
                    time.sleep(0.05)
                else:
                    break
