"""Taking an artist off the list."""

import msgspec
import pytest

from application.blocklists.unblock_artist import ArtistToUnblock
from domain.blocklists.errors import ArtistNotBlockedError
from domain.shared.errors import PreconditionFailedError
from domain.shared.version import Version
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_it_is_gone_and_cannot_go_twice(world: World) -> None:
    actor, artist_id = (await world.ada()).profile.id, world.artist()
    await world.block(actor, artist_id)
    command = ArtistToUnblock(actor=actor, artist_id=artist_id, origin=ORIGIN)
    await world.unblock_artist(command)
    assert not world.database.rows.entries
    with pytest.raises(ArtistNotBlockedError):
        await world.unblock_artist(command)


async def test_somebody_elses_entry_is_not_found(world: World) -> None:
    ada, eve = (await world.ada()).profile.id, (await world.ada("eve@example.org")).profile.id
    artist_id = world.artist()
    await world.block(ada, artist_id)
    with pytest.raises(ArtistNotBlockedError):
        await world.unblock_artist(ArtistToUnblock(actor=eve, artist_id=artist_id, origin=ORIGIN))
    assert world.database.rows.entries


async def test_it_stays_where_it_is_not_what_was_expected(world: World) -> None:
    actor, artist_id = (await world.ada()).profile.id, world.artist()
    entry = await world.block(actor, artist_id)
    command = ArtistToUnblock(
        actor=actor, artist_id=artist_id, origin=ORIGIN, expected=frozenset({Version("other")})
    )
    with pytest.raises(PreconditionFailedError):
        await world.unblock_artist(command)
    assert world.database.rows.entries
    expected = frozenset({entry.version})
    await world.unblock_artist(msgspec.structs.replace(command, expected=expected))
    assert not world.database.rows.entries
