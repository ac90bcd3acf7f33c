"""What the audit chain costs: signing and writing a record, sealing it, checking it."""

import asyncio
import time
from datetime import UTC, datetime

from adapters.postgres.audit_chain import PostgresChainReader
from adapters.postgres.migrations import migrate
from adapters.postgres.pool import create_pool
from adapters.postgres.transaction import begin_on
from application.audit.seal_audit_log import SealAuditLog
from application.audit.verify_audit_log import Verification, VerifyAuditLog
from benchmarks.result import Result
from benchmarks.stage import Stage
from domain.audit.retention import KEPT_FOR
from tests.builders.audit import CHAIN_KEY, a_record
from tests.builders.transactions import SECRETS
from tests.services import new_database

ROWS = 20_000
AT_ONCE = 500


def measure_audit(stage: Stage) -> list[Result]:
    """In a database of its own, without the service."""
    with new_database(stage.database_url) as url:
        migrate(url)
        return asyncio.run(_measure(url))


async def _measure(url: str) -> list[Result]:
    pool = create_pool(url, 4)
    await pool.open()
    begin = begin_on(pool, SECRETS)
    records = [a_record(created_at=datetime.now(UTC), after={"theme": "dark"}) for _ in range(ROWS)]
    watch = _Watch()
    for record in records:
        CHAIN_KEY.sign(record)
    watch.note("sign a record")
    for first in range(0, ROWS, AT_ONCE):
        async with begin() as tx:
            for record in records[first : first + AT_ONCE]:
                await tx.audit.append(record)
    watch.note("sign and insert a record")
    await SealAuditLog(begin=begin)()
    watch.note("seal a record")
    check = VerifyAuditLog(
        reader=PostgresChainReader(pool), key=CHAIN_KEY, clock=lambda: datetime.now(UTC)
    )
    verdict = await check(
        Verification(kept=None, grace=KEPT_FOR, progress=lambda done, total: None)
    )
    watch.note("check a record")
    await pool.close()
    if verdict.checked != ROWS or verdict.fault is not None:
        raise RuntimeError("the chain is not whole")
    return watch.results


class _Watch:
    """Microseconds of each record, from one note to the next."""

    def __init__(self) -> None:
        self.results: list[Result] = []
        self._since = time.perf_counter()

    def note(self, what: str) -> None:
        """It took this long."""
        now = time.perf_counter()
        figure = f"{1e6 * (now - self._since) / ROWS:.1f} µs"
        self.results.append(Result(what=what, figure=figure))
        self._since = time.perf_counter()
