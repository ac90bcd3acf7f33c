"""Putting single tracks on the list."""

import pytest

from application.blocklists.add_exception import ExceptionToAdd
from application.blocklists.block_tracks import TracksToBlock
from domain.blocklists.track import TrackAddOutcome
from domain.shared.errors import InvalidInputError
from tests.application.world import ORIGIN, World
from tests.builders.blocklists import a_track

pytestmark = pytest.mark.anyio


async def test_each_is_told_what_became_of_it(world: World) -> None:
    actor = (await world.ada()).profile.id
    there, new, excepted = a_track("One"), a_track("Two"), a_track("Three")
    await world.lists.block_tracks(TracksToBlock(actor=actor, tracks=[there], origin=ORIGIN))
    await world.lists.add_exception(
        ExceptionToAdd(actor=actor, subject=excepted, note=None, origin=ORIGIN)
    )
    command = TracksToBlock(actor=actor, tracks=[there, new, excepted], origin=ORIGIN)
    assert await world.lists.block_tracks(command) == {
        there.id: TrackAddOutcome.ALREADY_THERE,
        new.id: TrackAddOutcome.ADDED,
        excepted.id: TrackAddOutcome.EXCEPTED,
    }


async def test_none_is_not_enough(world: World) -> None:
    actor = (await world.ada()).profile.id
    with pytest.raises(InvalidInputError):
        await world.lists.block_tracks(TracksToBlock(actor=actor, tracks=[], origin=ORIGIN))
