"""What ``PostgresActiveSessions`` remembers, for how long, and what it asks for."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from adapters.postgres.active_sessions import PostgresActiveSessions
from adapters.postgres.pool import Pool
from adapters.postgres.short_memory import MEMORY_SECONDS
from adapters.postgres.transaction import begin_on
from domain.accounts.session import Session
from domain.shared.ids import SessionId
from tests.builders.accounts import a_session, a_token, a_user
from tests.builders.transactions import SECRETS

pytestmark = pytest.mark.anyio


async def a_session_in(pool: Pool) -> Session:
    """An open one."""
    user, now = a_user(), datetime.now(UTC)
    session = a_session(user, now=now)
    async with begin_on(pool, SECRETS)() as tx:
        await tx.users.add(user)
        await tx.sessions.open(session, a_token(), token_expires_at=now + timedelta(days=1))
    return session


async def revoke(pool: Pool, session: Session) -> None:
    """As another process would: without a word to this one."""
    async with begin_on(pool, SECRETS)() as tx:
        assert await tx.sessions.revoke(session.user_id, session.id, datetime.now(UTC))


def asked(pool: Pool) -> int:
    """How often a connection was taken."""
    return pool.get_stats()["requests_num"]


async def test_an_answer_is_remembered_and_so_is_a_no(pool: Pool) -> None:
    sessions, session = PostgresActiveSessions(pool), await a_session_in(pool)
    nobody = SessionId(uuid4())
    before = asked(pool)
    for _ in range(5):
        assert await sessions.find(session.id)
        assert not await sessions.find(nobody)
    assert asked(pool) == before + 2


async def test_fifty_questions_at_once_are_one_query(pool: Pool) -> None:
    sessions, session = PostgresActiveSessions(pool), await a_session_in(pool)
    before = asked(pool)
    assert all(await asyncio.gather(*(sessions.find(session.id) for _ in range(50))))
    assert asked(pool) == before + 1


async def test_a_revocation_elsewhere_is_seen_when_the_memory_has_faded(
    pool: Pool,
) -> None:
    now = 0.0
    sessions, session = PostgresActiveSessions(pool, now=lambda: now), await a_session_in(pool)
    assert await sessions.find(session.id)
    await revoke(pool, session)
    now = MEMORY_SECONDS
    assert not await sessions.find(session.id)


def test_the_memory_is_shorter_than_the_five_seconds_that_are_promised() -> None:
    assert MEMORY_SECONDS < 5


async def test_the_memory_keeps_so_many_and_drops_the_oldest(pool: Pool) -> None:
    sessions = PostgresActiveSessions(pool, capacity=2)
    first, *others = [SessionId(uuid4()) for _ in range(3)]
    for session_id in (first, *others):
        await sessions.find(session_id)
    before = asked(pool)
    for session_id in others:
        await sessions.find(session_id)
    assert asked(pool) == before
    await sessions.find(first)
    assert asked(pool) == before + 1


async def test_one_caller_who_gives_up_does_not_spoil_it_for_the_others(pool: Pool) -> None:
    sessions, session = PostgresActiveSessions(pool), await a_session_in(pool)
    impatient = asyncio.create_task(sessions.find(session.id))
    await asyncio.sleep(0)
    patient = asyncio.create_task(sessions.find(session.id))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient
