"""Excepting artists and tracks from every list."""

import pytest

from application.blocklists.add_exception import ExceptionToAdd
from domain.blocklists.errors import (
    AlreadyExceptedError,
    ArtistExceptedError,
    BlockedByOwnListError,
)
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio
FILE = "artist,id\nNeural Groove Machine,3ec16T2vMbjJi4luOqt6ps\n"


async def test_an_artist_is_on_the_list_or_excepted_never_both(world: World) -> None:
    actor, listed, loved = (await world.ada()).profile.id, world.artist(), world.artist()
    await world.block(actor, listed)
    with pytest.raises(BlockedByOwnListError):
        await world.lists.add_exception(
            ExceptionToAdd(actor=actor, subject=listed, note=None, origin=ORIGIN)
        )
    command = ExceptionToAdd(actor=actor, subject=loved, note="Always.", origin=ORIGIN)
    exception = await world.lists.add_exception(command)
    with pytest.raises(ArtistExceptedError, match=str(exception.id)):
        await world.block(actor, loved)
    with pytest.raises(AlreadyExceptedError):
        await world.lists.add_exception(command)


async def test_a_file_does_not_get_past_an_exception(world: World) -> None:
    ada, eve = (await world.ada()).profile.id, (await world.ada("eve@example.org")).profile.id
    await world.import_file(eve, FILE)
    (_, artist) = next(iter(world.database.rows.entries))
    await world.lists.add_exception(
        ExceptionToAdd(actor=ada, subject=artist, note=None, origin=ORIGIN)
    )
    result = await world.import_file(ada, FILE)
    assert (result.added, result.rejected, result.change_id) == (0, 1, None)
    assert "excepted" in result.rejections[0].reason
    assert result.rejections[0].code == "excepted"
