"""The contract of ``ActiveSessions``."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain.accounts.session import Session
from domain.shared.ids import SessionId
from tests.builders.accounts import a_session, a_token, in_a_week
from tests.contracts.conftest import Place

pytestmark = pytest.mark.anyio


async def a_session_here(place: Place, *, expires_in: timedelta) -> Session:
    """A session that ends so long from the real now, which the database goes by."""
    now = datetime.now(UTC)
    session = a_session(
        await place.a_person(), now=now + expires_in - (in_a_week(now) - now) * 90 / 7
    )
    async with place.accounts() as tx:
        await tx.sessions.open(session, a_token(), token_expires_at=in_a_week(now))
    return session


async def test_an_open_session_is_included(place: Place) -> None:
    session = await a_session_here(place, expires_in=timedelta(days=5000))
    assert await place.active_sessions.find(session.id)
    assert await place.active_sessions.find(session.id)


async def test_an_unknown_session_is_not_included(place: Place) -> None:
    assert not await place.active_sessions.find(SessionId(uuid4()))


async def test_an_expired_session_is_not_included(place: Place) -> None:
    session = await a_session_here(place, expires_in=timedelta(days=-5000))
    assert not await place.active_sessions.find(session.id)


async def test_a_revoked_session_that_is_forgotten_is_not_included_any_more(
    place: Place,
) -> None:
    session = await a_session_here(place, expires_in=timedelta(days=5000))
    assert await place.active_sessions.find(session.id)
    async with place.accounts() as tx:
        await tx.sessions.revoke(session.user_id, session.id, datetime.now(UTC))
    place.active_sessions.note_end(session.id)
    assert not await place.active_sessions.find(session.id)
