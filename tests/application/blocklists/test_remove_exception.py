"""Taking an exception back."""

import pytest

from application.blocklists.add_exception import ExceptionToAdd
from application.blocklists.remove_exception import ExceptionToRemove
from domain.blocklists.errors import ExceptionNotFoundError
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_its_person_takes_it_back_and_nobody_else(world: World) -> None:
    ada, eve = (await world.ada()).profile.id, (await world.ada("eve@example.org")).profile.id
    artist = world.artist()
    exception = await world.lists.add_exception(
        ExceptionToAdd(actor=ada, subject=artist, note=None, origin=ORIGIN)
    )
    for actor in (eve, ada, ada):
        command = ExceptionToRemove(actor=actor, exception_id=exception.id, origin=ORIGIN)
        if actor is ada and world.database.rows.exceptions:
            await world.lists.remove_exception(command)
        else:
            with pytest.raises(ExceptionNotFoundError):
                await world.lists.remove_exception(command)
    await world.block(ada, artist)
