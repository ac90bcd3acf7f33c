"""Relays side by side: rows that one of them holds are skipped, not waited for."""

import asyncio

import pytest

from adapters.postgres.outbox import PostgresEventRelay
from adapters.postgres.pool import Pool
from adapters.postgres.transaction import begin_on
from adapters.system.new_id import UuidV7
from domain.accounts.events import UserRegistered
from domain.shared.ids import EventId
from tests.builders.accounts import NOW, a_user
from tests.builders.transactions import SECRETS

pytestmark = pytest.mark.anyio


async def ignore(_: bytes) -> None:
    """Tell nobody."""


async def test_a_relay_does_not_wait_for_one_that_is_busy(pool: Pool) -> None:
    await PostgresEventRelay(pool, ignore).relay(10_000, NOW)
    new_id = UuidV7()
    async with begin_on(pool, SECRETS)() as tx:
        for _ in range(4):
            await tx.outbox.append(
                UserRegistered(id=EventId(new_id()), occurred_at=NOW, user_id=a_user().id)
            )
    busy, done = asyncio.Event(), asyncio.Event()

    async def slow(_: bytes) -> None:
        busy.set()
        await done.wait()

    first = asyncio.create_task(PostgresEventRelay(pool, slow).relay(2, NOW))
    await busy.wait()
    assert await PostgresEventRelay(pool, ignore).relay(10_000, NOW) == 2
    done.set()
    assert await first == 2
