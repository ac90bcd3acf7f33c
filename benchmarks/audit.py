"""What the audit chain costs: writing a signed record, sealing, checking."""

import asyncio
import sys
import time
from datetime import UTC, datetime

from adapters.postgres.audit_chain import PostgresChainReader
from adapters.postgres.migrations import migrate
from adapters.postgres.pool import create_pool
from adapters.postgres.transaction import begin_on
from application.audit.seal_audit_log import SealAuditLog
from application.audit.verify_audit_log import Verification, VerifyAuditLog
from domain.audit.chain import ChainKey
from domain.audit.retention import KEPT_FOR
from tests.builders.audit import a_record
from tests.services import new_database, start_services

KEY = ChainKey(value=bytes(32))
AT_ONCE = 500


async def measure(url: str, rows: int) -> None:
    """Write, seal and check so many rows, and say how long each took."""
    pool = create_pool(url, 4)
    await pool.open()
    begin = begin_on(pool, KEY)
    records = [a_record(created_at=datetime.now(UTC), after={"theme": "dark"}) for _ in range(rows)]
    started = time.perf_counter()
    for record in records:
        KEY.sign(record)
    _say("sign a record", rows, started)
    started = time.perf_counter()
    for first in range(0, rows, AT_ONCE):
        async with begin() as tx:
            for record in records[first : first + AT_ONCE]:
                await tx.audit.append(record)
    _say("sign and insert a record", rows, started)
    started = time.perf_counter()
    await SealAuditLog(begin=begin)()
    _say("seal a record", rows, started)
    started = time.perf_counter()
    check = VerifyAuditLog(
        reader=PostgresChainReader(pool), key=KEY, clock=lambda: datetime.now(UTC)
    )
    verdict = await check(
        Verification(kept=None, grace=KEPT_FOR, progress=lambda done, total: None)
    )
    assert verdict.checked == rows
    assert verdict.fault is None
    _say("check a record", rows, started)
    await pool.close()


def _say(what: str, rows: int, started: float) -> None:
    seconds = time.perf_counter() - started
    print(f"{what:26} {1e6 * seconds / rows:7.1f} µs   {rows / seconds:9.0f} a second")


if __name__ == "__main__":
    with start_services() as services, new_database(services.database_url) as url:
        migrate(url)
        asyncio.run(measure(url, int(sys.argv[1]) if len(sys.argv) > 1 else 50_000))
