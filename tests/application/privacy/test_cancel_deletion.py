"""Keeping one's account after all."""

from datetime import timedelta

import pytest

from application.privacy.export_user_data import DataRequest
from domain.privacy.errors import DeletionNotRequestedError
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_nothing_is_erased_then(world: World) -> None:
    ada = await world.ada()
    command = DataRequest(actor=ada.profile.id, origin=ORIGIN)
    await world.request_deletion(command)
    await world.cancel_deletion(command)
    world.clock.advance(timedelta(days=8))
    assert await world.erase_users() == 0
    with pytest.raises(DeletionNotRequestedError):
        await world.cancel_deletion(command)


async def test_what_has_begun_is_not_called_off(world: World) -> None:
    ada = await world.ada()
    command = DataRequest(actor=ada.profile.id, origin=ORIGIN)
    await world.request_deletion(command)
    world.clock.advance(timedelta(days=7))
    with pytest.raises(DeletionNotRequestedError):
        await world.cancel_deletion(command)
    assert await world.erase_users() == 1
