"""Taking entries off lists once they have ended."""

from datetime import timedelta

import msgspec
import pytest

from application.blocklists.block_artist import ArtistToBlock
from application.blocklists.unblock_artist import ArtistToUnblock
from application.blocklists.update_blocked_artist import EntryChange
from domain.blocklists.errors import ArtistNotBlockedError
from domain.blocklists.events import BlockEnded
from domain.shared.errors import InvalidInputError
from domain.shared.ids import ArtistId, UserId
from tests.application.world import ORIGIN, World
from tests.builders.blocklists import a_slice

pytestmark = pytest.mark.anyio
HOUR = timedelta(hours=1)


async def for_an_hour(world: World, actor: UserId, artist: ArtistId) -> None:
    """An entry that ends in an hour."""
    await world.block_artist(
        ArtistToBlock(
            actor=actor,
            artist_id=artist,
            tags=[],
            note=None,
            until=world.clock() + HOUR,
            origin=ORIGIN,
        )
    )


async def test_it_is_gone_when_it_ends_and_removed_later_with_a_record(world: World) -> None:
    actor, artist = (await world.ada()).profile.id, world.artist()
    await for_an_hour(world, actor, artist)
    world.clock.advance(HOUR - timedelta(seconds=1))
    assert len((await world.list_blocked_artists(a_slice(actor))).entries) == 1
    assert await world.lists.remove_ended_entries() == 0
    world.clock.advance(timedelta(seconds=1))
    assert (await world.list_blocked_artists(a_slice(actor))).entries == []
    assert await world.lists.remove_ended_entries() == 1
    assert await world.lists.remove_ended_entries() == 0
    (event,) = [e for e in world.database.rows.events if isinstance(e, BlockEnded)]
    (record,) = [r for r in world.database.rows.audit if r.action == event.type]
    assert (record.user_id, record.resource_id) == (actor, str(artist))


async def test_it_can_be_extended_until_it_ends(world: World) -> None:
    actor, artist = (await world.ada()).profile.id, world.artist()
    await for_an_hour(world, actor, artist)
    change = EntryChange(
        actor=actor,
        artist_id=artist,
        tags=msgspec.UNSET,
        note=msgspec.UNSET,
        until=world.clock() + 3 * HOUR,
        origin=ORIGIN,
    )
    await world.update_blocked_artist(change)
    world.clock.advance(2 * HOUR)
    assert len((await world.list_blocked_artists(a_slice(actor))).entries) == 1
    with pytest.raises(InvalidInputError):
        await world.update_blocked_artist(msgspec.structs.replace(change, until=world.clock()))
    world.clock.advance(HOUR)
    with pytest.raises(ArtistNotBlockedError):
        await world.update_blocked_artist(msgspec.structs.replace(change, until=None))
    with pytest.raises(ArtistNotBlockedError):
        await world.unblock_artist(ArtistToUnblock(actor=actor, artist_id=artist, origin=ORIGIN))


async def test_what_has_ended_can_be_added_again_before_it_is_removed(world: World) -> None:
    actor, artist = (await world.ada()).profile.id, world.artist()
    await for_an_hour(world, actor, artist)
    world.clock.advance(HOUR)
    assert (await world.block(actor, artist)).until is None
    assert await world.lists.remove_ended_entries() == 0
