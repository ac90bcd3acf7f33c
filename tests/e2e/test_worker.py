"""The worker as a process: what it does for the audit log."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from entrypoints.container import Container
from entrypoints.settings import load_settings
from tests.builders.audit import a_record
from tests.e2e.process import nodrake, running_worker

pytestmark = pytest.mark.slow


def test_it_seals_and_expires_the_audit_log(make_database: Callable[[], str]) -> None:
    settings = {"DATABASE_URL": make_database(), "REDIS_URL": "redis://127.0.0.1:1"}
    container = Container(settings=load_settings(settings))

    async def write() -> None:
        pool = container.pool()
        await pool.open()
        for days in (400, 0):
            async with container.begin()() as tx:
                record = a_record(created_at=datetime.now(UTC) - timedelta(days=days))
                await tx.audit.append(record)
        await container.seal_audit_log()()  # what is not sealed yet would stay for another hour
        await pool.close()

    asyncio.run(write())
    with running_worker(settings):
        deadline = time.monotonic() + 60
        while (
            "1 removed by retention, 0 waiting"
            not in (verified := nodrake("audit", "verify", **settings)).stdout
        ):
            assert time.monotonic() < deadline, verified
    assert verified.returncode == 0
    assert verified.stdout.startswith("whole: 2 rows up to place 3")
    head = nodrake("audit", "head", **settings).stdout.strip()
    assert nodrake("audit", "verify", "--head", head, **settings).returncode == 0
