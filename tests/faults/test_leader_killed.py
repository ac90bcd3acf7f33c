"""F-3: of several API processes the one that leads is killed, and no other signal is sent."""

import os
import signal
from pathlib import Path

import pytest

from entrypoints.cli.serve import port_complaint
from tests.e2e.process import serving, wait_for

pytestmark = pytest.mark.slow


def test_the_others_leave_the_port(
    tmp_path: Path, migrated_database_url: str, redis_url: str
) -> None:
    with serving(
        tmp_path / "log", workers=2, DATABASE_URL=migrated_database_url, REDIS_URL=redis_url
    ) as serve:
        os.kill(serve.process.pid, signal.SIGKILL)
        serve.process.wait(30)
        wait_for(
            lambda: port_complaint("127.0.0.1", serve.port, "NODRAKE_PORT") is None,
            30,
            "nobody listens any more",
        )
