"""Changing an entry."""

import msgspec
import pytest

from application.blocklists.update_blocked_artist import EntryChange
from domain.blocklists.errors import ArtistNotBlockedError
from domain.shared.errors import PreconditionFailedError
from tests.application.world import ORIGIN, World
from tests.builders.blocklists import a_slice

pytestmark = pytest.mark.anyio


async def test_what_is_not_named_stays(world: World) -> None:
    actor, artist_id = (await world.ada()).profile.id, world.artist()
    await world.block(actor, artist_id, ["a"])

    unchanged = EntryChange(
        actor=actor, artist_id=artist_id, tags=msgspec.UNSET, note=msgspec.UNSET, origin=ORIGIN
    )
    replace = msgspec.structs.replace
    noted = await world.update_blocked_artist(replace(unchanged, note="Not on the commute."))
    assert (noted.tags, noted.note) == (["a"], "Not on the commute.")
    retagged = await world.update_blocked_artist(replace(unchanged, tags=["b"]))
    assert (retagged.tags, retagged.note) == (["b"], "Not on the commute.")
    bare = await world.update_blocked_artist(replace(unchanged, tags=[], note=None))
    assert (bare.tags, bare.note) == ([], None)


async def test_somebody_elses_entry_is_not_found(world: World) -> None:
    ada, eve = (await world.ada()).profile.id, (await world.ada("eve@example.org")).profile.id
    artist_id = world.artist()
    await world.block(ada, artist_id)
    with pytest.raises(ArtistNotBlockedError):
        await world.update_blocked_artist(
            EntryChange(
                actor=eve, artist_id=artist_id, tags=["mine"], note=msgspec.UNSET, origin=ORIGIN
            )
        )


async def test_of_two_who_change_what_both_have_read_one_is_told(world: World) -> None:
    actor, artist_id = (await world.ada()).profile.id, world.artist()
    before = await world.block(actor, artist_id)
    change = EntryChange(
        actor=actor,
        artist_id=artist_id,
        tags=msgspec.UNSET,
        note="mine",
        origin=ORIGIN,
        expected=frozenset({before.version}),
    )
    after = await world.update_blocked_artist(change)
    with pytest.raises(PreconditionFailedError):
        await world.update_blocked_artist(msgspec.structs.replace(change, note="theirs"))
    assert (await world.list_blocked_artists(a_slice(actor))).entries == [after]
