"""Sealing beside transactions that stay open, and on a chain that somebody has tampered with."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from adapters.postgres.audit_chain import PostgresChainReader
from adapters.postgres.pool import Pool, create_pool
from adapters.postgres.transaction import begin_on
from application.audit.verify_audit_log import Verification, VerifyAuditLog
from domain.audit.errors import ChainBrokenError
from tests.builders.audit import a_record
from tests.builders.transactions import SECRETS

pytestmark = pytest.mark.anyio

WRITERS = 50
ROUNDS = 20
OLD = datetime.now(UTC) - timedelta(days=400)


@pytest.fixture
def url(make_database: Callable[[], str]) -> str:
    """A database of one's own."""
    return make_database()


@pytest.fixture
async def pool(url: str) -> AsyncIterator[Pool]:
    """Four connections to it."""
    pool = create_pool(url, 4)
    await pool.open()
    yield pool
    await pool.close()


async def write(pool: Pool, count: int = 1) -> None:
    """As many old records, each in a transaction of its own."""
    for _ in range(count):
        async with begin_on(pool, SECRETS)() as tx:
            await tx.audit.append(a_record(created_at=OLD))


async def seal(pool: Pool) -> int:
    """One batch."""
    async with begin_on(pool, SECRETS)() as tx:
        return await tx.chain.seal(1000)


async def remove(pool: Pool) -> int:
    """One batch."""
    async with begin_on(pool, SECRETS)() as tx:
        return await tx.chain.remove(datetime.now(UTC), 1000)


async def test_fifty_writers_on_fifty_connections_keep_one_whole_chain(url: str) -> None:
    pool = create_pool(url, WRITERS + 5)
    await pool.open()
    await pool.resize(WRITERS + 5, WRITERS + 5)
    await pool.wait()
    try:
        writing = asyncio.gather(*(write(pool, ROUNDS) for _ in range(WRITERS)))
        sealed = 0
        while not writing.done():
            sealed += sum(await asyncio.gather(*(seal(pool) for _ in range(4))))
        await writing
        sealed += await seal(pool)
        assert sealed == WRITERS * ROUNDS
        check = VerifyAuditLog(
            reader=PostgresChainReader(pool), key=SECRETS.chain_key, clock=lambda: datetime.now(UTC)
        )
        verdict = await check(
            Verification(kept=None, grace=timedelta(0), progress=lambda done, total: None)
        )
        assert (verdict.checked, verdict.waiting, verdict.fault) == (sealed, 0, None)
    finally:
        await pool.close()


def tamper(url: str, *statements: str) -> None:
    """What a superuser can do: triggers do not run for them if they do not want it."""
    with psycopg.connect(url) as connection:
        connection.execute("set session_replication_role = replica")
        for statement in statements:
            connection.execute(statement)


async def test_a_transaction_that_stays_open_holds_nobody_up(pool: Pool) -> None:
    async with begin_on(pool, SECRETS)() as slow:
        await slow.audit.append(a_record())
        await write(pool)
        assert await seal(pool) == 1
    assert await seal(pool) == 1


async def test_whoever_writes_does_not_wait_for_the_sealer(pool: Pool) -> None:
    await write(pool, 2)
    async with begin_on(pool, SECRETS)() as sealing:
        assert await sealing.chain.seal(1000) == 2
        await asyncio.wait_for(write(pool), 5)
        assert await seal(pool) == 0, "one at a time"
    assert await seal(pool) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "delete from audit_chain",
        "update audit_chain set position = 1",
        "update audit_chain set hash = sha256('x')",
        "update audit_chain set signature = sha256('x')",
    ],
)
async def test_a_head_that_is_not_ours_is_not_built_on(
    pool: Pool, url: str, statement: str
) -> None:
    await write(pool, 3)
    await seal(pool)
    tamper(url, statement)
    await write(pool)
    with pytest.raises(ChainBrokenError):
        await seal(pool)


async def test_a_head_that_was_taken_away_behind_the_floor_is_missed(pool: Pool, url: str) -> None:
    await write(pool, 3)
    await seal(pool)
    assert await remove(pool) == 3
    tamper(url, "delete from audit_chain where kind = 'head'")
    await write(pool)
    with pytest.raises(ChainBrokenError, match="taken away"):
        await seal(pool)


async def test_a_head_that_was_put_back_is_not_built_on(pool: Pool, url: str) -> None:
    await write(pool)
    await seal(pool)
    tamper(url, "create table kept as select * from audit_chain")
    await write(pool)
    await seal(pool)
    tamper(
        url,
        "delete from audit_chain",
        "insert into audit_chain select * from kept",
    )
    await write(pool)
    with pytest.raises(ChainBrokenError, match="put back"):
        await seal(pool)


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_log set action = 'x' where chain_position = 2",
        "update audit_log set chain_hash = sha256('x') where chain_position = 2",
        "delete from audit_log where chain_position = 2",
        "insert into audit_chain values ('floor', 2, sha256('x'), sha256('y'))",
    ],
)
async def test_retention_does_not_sweep_tampering_away(
    pool: Pool, url: str, statement: str
) -> None:
    await write(pool, 3)
    await seal(pool)
    tamper(url, statement)
    with pytest.raises(ChainBrokenError):
        await remove(pool)


async def test_the_clock_of_the_database_decides_too(pool: Pool) -> None:
    async with begin_on(pool, SECRETS)() as tx:
        await tx.audit.append(a_record(created_at=datetime.now(UTC) - timedelta(days=300)))
    await seal(pool)
    far_ahead = datetime.now(UTC) + timedelta(days=1000)
    async with begin_on(pool, SECRETS)() as tx:
        assert await tx.chain.remove(far_ahead, 10) == 0
        assert await tx.chain.forget_addresses(far_ahead, 10) == 1
