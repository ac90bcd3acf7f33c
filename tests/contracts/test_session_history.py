"""The contract of ``SessionHistory``."""

from datetime import timedelta

import msgspec
import pytest

from application.accounts.surroundings import Surroundings
from domain.accounts.session import Notice
from domain.accounts.user import User
from tests.builders.accounts import NOW, a_session, a_token, in_a_week
from tests.contracts.conftest import Place

pytestmark = pytest.mark.anyio

NETWORK = "192.0.2.0/24"


async def sign_in(
    place: Place,
    user: User,
    *,
    address: str | None = "192.0.2.1",
    user_agent: str | None = "pytest",
    notice: Notice | None = None,
) -> None:
    """A session that began there."""
    session = msgspec.structs.replace(
        a_session(user), address=address, user_agent=user_agent, notice=notice
    )
    async with place.accounts() as tx:
        await tx.sessions.open(session, a_token(), token_expires_at=in_a_week())


async def look(
    place: Place,
    user: User,
    network: str | None = NETWORK,
    user_agent: str | None = "another",
    since: timedelta = timedelta(hours=1),
) -> Surroundings:
    """What is known of there."""
    async with place.accounts() as tx:
        return await tx.session_history.surroundings(user.id, network, user_agent, NOW - since)


async def test_the_very_same_is_found(place: Place) -> None:
    user = await place.a_person()
    await sign_in(place, user)
    assert (await look(place, user, user_agent="pytest")).exactly
    assert not (await look(place, await place.a_person(), user_agent="pytest")).exactly


async def test_others_of_the_same_network_are_named_once(place: Place) -> None:
    user = await place.a_person()
    for address, agent in (
        ("192.0.2.1", "a"),
        ("192.0.2.200", "a"),
        ("192.0.2.9", "b"),
        ("192.0.3.1", "c"),
        ("2001:db8:1::1", "d"),
        (None, "e"),
        ("192.0.2.7", None),
    ):
        await sign_in(place, user, address=address, user_agent=agent)
    seen = await look(place, user)
    assert (seen.exactly, sorted(seen.user_agents), seen.notices) == (False, ["a", "b"], 0)
    assert (await look(place, user, "2001:db8:1::/48")).user_agents == ("d",)


async def test_without_a_network_or_a_name_nothing_is_the_same(place: Place) -> None:
    user = await place.a_person()
    await sign_in(place, user, address=None)
    await sign_in(place, user, user_agent=None)
    assert await look(place, user, None, "pytest") == Surroundings(
        exactly=False, user_agents=(), notices=0
    )
    assert not (await look(place, user, NETWORK, None)).exactly


async def test_ended_sessions_count_and_those_that_nobody_was_told_of_do_not(place: Place) -> None:
    user = await place.a_person()
    await sign_in(place, user, user_agent="told", notice=Notice.SENT)
    await sign_in(place, user, user_agent="untold", notice=Notice.WITHHELD)
    async with place.accounts() as tx:
        await tx.sessions.revoke_all(user.id, NOW)
    assert (await look(place, user, user_agent="told")).exactly
    seen = await look(place, user, user_agent="untold")
    assert (seen.exactly, seen.user_agents, seen.notices) == (False, ("told",), 1)
    assert (await look(place, user, since=timedelta())).notices == 0
