"""Putting many artists on the list at once."""

from datetime import timedelta
from uuid import uuid4

import pytest

from application.blocklists.block_artists import ArtistsToBlock
from domain.blocklists.bulk import AddOutcome
from domain.blocklists.events import ArtistsBlocked
from domain.blocklists.limits import MAX_BULK
from domain.shared.errors import InvalidInputError
from domain.shared.ids import ArtistId, UserId
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


def these(actor: UserId, *artists: ArtistId, tags: list[str] | None = None) -> ArtistsToBlock:
    """A command."""
    return ArtistsToBlock(
        actor=actor, artist_ids=list(artists), tags=tags or [], note=None, until=None, origin=ORIGIN
    )


async def test_each_is_told_what_became_of_it(world: World) -> None:
    actor = (await world.ada()).profile.id
    there, new, unknown = world.artist(), world.artist(), ArtistId(uuid4())
    await world.block(actor, there, ["mine"])
    result = await world.lists.block_artists(these(actor, there, new, unknown, new, tags=["b"]))
    assert result.outcomes == {
        there: AddOutcome.ALREADY_THERE,
        new: AddOutcome.ADDED,
        unknown: AddOutcome.UNKNOWN,
    }
    entries = world.database.rows.entries
    assert entries[actor, there].tags == {"mine"}
    assert entries[actor, new].tags == {"b"}


async def test_nothing_is_told_where_nothing_was_added(world: World) -> None:
    actor, artist = (await world.ada()).profile.id, world.artist()
    await world.block(actor, artist)
    result = await world.lists.block_artists(these(actor, artist))
    assert result.change_id is None
    assert not [e for e in world.database.rows.events if isinstance(e, ArtistsBlocked)]


@pytest.mark.parametrize("number", [0, MAX_BULK + 1])
async def test_it_takes_one_to_ten_thousand(world: World, number: int) -> None:
    actor = (await world.ada()).profile.id
    with pytest.raises(InvalidInputError):
        await world.lists.block_artists(these(actor, *(ArtistId(uuid4()) for _ in range(number))))


async def test_an_end_is_still_to_come(world: World) -> None:
    actor, artist = (await world.ada()).profile.id, world.artist()
    command = ArtistsToBlock(
        actor=actor,
        artist_ids=[artist],
        tags=[],
        note=None,
        until=world.clock() - timedelta(seconds=1),
        origin=ORIGIN,
    )
    with pytest.raises(InvalidInputError):
        await world.lists.block_artists(command)
