"""Taking everything away."""

import pytest

from application.privacy.export_user_data import DataRequest
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_it_is_recorded_and_read(world: World) -> None:
    ada = await world.ada()
    opening = await world.export_user_data(DataRequest(actor=ada.profile.id, origin=ORIGIN))
    async with opening as data:
        rows = [row for section in data.sections async for row in data.rows(section)]
    assert rows == [{"email": "ada@example.org"}]
    assert world.database.rows.audit[-1].action == "privacy.user_data_exported.v1"
