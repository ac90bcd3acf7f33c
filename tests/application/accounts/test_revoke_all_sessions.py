"""Signing everybody out."""

import pytest

from application.accounts.revoke_all_sessions import EverybodyToSignOut
from domain.accounts.errors import AuthenticationRequiredError, NotPermittedError
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_every_session_ends_in_one_statement(world: World) -> None:
    people = [await world.an_admin(), await world.ada(), await world.sign_in()]
    command = EverybodyToSignOut(actor=people[0].profile.id, origin=ORIGIN)
    assert await world.revoke_all_sessions(command) == 3
    for person in people:
        with pytest.raises(AuthenticationRequiredError):
            await world.principal(person)


async def test_it_is_for_administrators(world: World) -> None:
    ada = await world.ada()
    with pytest.raises(NotPermittedError):
        await world.revoke_all_sessions(EverybodyToSignOut(actor=ada.profile.id, origin=ORIGIN))
