"""Seeing whether one's account will be erased."""

import pytest

from application.privacy.export_user_data import DataRequest
from domain.privacy.errors import DeletionNotRequestedError
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_it_is_there_once_it_was_asked_for(world: World) -> None:
    ada = await world.ada()
    with pytest.raises(DeletionNotRequestedError):
        await world.get_deletion(ada.profile.id)
    asked = await world.request_deletion(DataRequest(actor=ada.profile.id, origin=ORIGIN))
    assert await world.get_deletion(ada.profile.id) == asked
