"""Whether PostgreSQL answers, and with a schema that this code can work with."""

import asyncio
import time

from adapters.postgres.pool import Pool, urgent
from application.shared.ports import DependencyState

_TIMEOUT_SECONDS = 1.0


class PostgresHealthProbe:
    """``HealthProbe``: reads the schema's version.

    A later one is as good: while releases are exchanged, the old one serves beside the new one.
    """

    def __init__(self, pool: Pool, expected_version: int) -> None:
        self._pool = pool
        self._expected = expected_version

    async def __call__(self) -> DependencyState:
        """Ask in a task of its own: a driver that waits for a frozen server is not waited for."""
        started = time.monotonic()
        asking = asyncio.create_task(self._complaint())
        done, _ = await asyncio.wait({asking}, timeout=_TIMEOUT_SECONDS)
        asking.cancel()
        detail = asking.result() if done else "no answer within a second"
        return DependencyState(
            healthy=detail is None,
            response_time_ms=round((time.monotonic() - started) * 1000),
            detail=detail,
        )

    async def answers(self) -> bool:
        """Whether it says anything within a second, whatever that is."""
        asking = asyncio.create_task(self._has_answered())
        done, _ = await asyncio.wait({asking}, timeout=_TIMEOUT_SECONDS)
        asking.cancel()
        return bool(done) and asking.result()

    async def _has_answered(self) -> bool:
        try:
            await self._version()
        except Exception:  # whatever it is, that was no answer
            return False
        return True

    async def _version(self) -> int | None:
        with urgent():
            async with self._pool.connection(timeout=_TIMEOUT_SECONDS) as connection:
                cursor = await connection.execute("select max(version) from schema_migrations")
                row = await cursor.fetchone()
        return row[0] if row else None

    async def _complaint(self) -> str | None:
        try:
            version = await self._version()
        except Exception as error:  # whatever it is, the answer is that it is not healthy
            return type(error).__name__
        if version is None or version < self._expected:
            return (
                f"the schema is at version {version}, expected {self._expected}: "
                "run `nodrake migrate`"
            )
        return None
