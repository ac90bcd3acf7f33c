"""Signing another device out."""

import pytest

from application.accounts.log_out import SignOut
from domain.accounts.errors import AuthenticationRequiredError, SessionNotFoundError
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_its_tokens_stop_working_and_others_go_on(world: World) -> None:
    here, there = await world.ada(), await world.sign_in()
    command = SignOut(
        actor=here.profile.id, session_id=world.claims(there).session_id, origin=ORIGIN
    )
    await world.revoke_session(command)
    with pytest.raises(AuthenticationRequiredError):
        await world.principal(there)
    await world.principal(here)
    with pytest.raises(SessionNotFoundError):
        await world.revoke_session(command)


async def test_that_of_somebody_else_is_not_found(world: World) -> None:
    ada, eve = await world.ada(), await world.ada("eve@example.org")
    with pytest.raises(SessionNotFoundError):
        await world.revoke_session(
            SignOut(actor=eve.profile.id, session_id=world.claims(ada).session_id, origin=ORIGIN)
        )
    await world.principal(ada)
