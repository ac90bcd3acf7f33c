"""Signing out everywhere."""

from datetime import timedelta

import pytest

from application.accounts.revoke_sessions import SessionsToRevoke
from domain.accounts.errors import AuthenticationRequiredError
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("stays", "ended"), [(True, 2), (False, 3)])
async def test_the_one_that_asks_may_stay(world: World, stays: bool, ended: int) -> None:
    ada, *others = await world.ada(), await world.sign_in(), await world.sign_in()
    keep = world.claims(ada).session_id if stays else None
    command = SessionsToRevoke(actor=ada.profile.id, keep=keep, origin=ORIGIN)
    assert await world.revoke_sessions(command) == ended
    for other in others:
        with pytest.raises(AuthenticationRequiredError):
            await world.principal(other)
    if stays:
        await world.principal(ada)


async def test_of_more_than_twenty_the_one_idle_longest_ends(world: World) -> None:
    first = await world.ada()
    for _ in range(19):
        world.clock.advance(timedelta(seconds=1))
        await world.sign_in()
    await world.principal(first)
    world.clock.advance(timedelta(seconds=1))
    await world.sign_in()
    with pytest.raises(AuthenticationRequiredError):
        await world.principal(first)
