"""Signing out."""

import pytest

from application.accounts.log_out import SignOut
from domain.accounts.errors import AuthenticationRequiredError, InvalidRefreshTokenError
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_every_token_of_the_session_stops_working(world: World) -> None:
    ended, other = await world.ada(), await world.sign_in()
    claims = world.claims(ended)
    command = SignOut(actor=claims.user_id, session_id=claims.session_id, origin=ORIGIN)
    await world.log_out(command)
    with pytest.raises(AuthenticationRequiredError):
        await world.principal(ended)
    with pytest.raises(InvalidRefreshTokenError):
        await world.refresh(ended.refresh_token)
    assert (await world.principal(other)).user_id == claims.user_id, "another device stays"


async def test_doing_it_twice_is_told_once(world: World) -> None:
    claims = world.claims(await world.ada())
    command = SignOut(actor=claims.user_id, session_id=claims.session_id, origin=ORIGIN)
    await world.log_out(command)
    await world.log_out(command)
    told = [event.type for event in world.database.rows.events]
    assert told.count("accounts.session_revoked.v1") == 1
