"""Changing many entries at once."""

import msgspec
import pytest

from application.blocklists.update_blocked_artists import EntryChanges
from domain.blocklists.bulk import EditOutcome
from domain.shared.errors import InvalidInputError
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_tags_come_and_go_and_the_rest_stays(world: World) -> None:
    actor = (await world.ada()).profile.id
    one, other = world.artist(), world.artist()
    await world.block(actor, one, ["a", "b"])
    command = EntryChanges(
        actor=actor,
        artist_ids=[one, other],
        add_tags=["c"],
        remove_tags=["a"],
        note=msgspec.UNSET,
        until=msgspec.UNSET,
        origin=ORIGIN,
    )
    result = await world.lists.update_blocked_artists(command)
    assert result.outcomes == {one: EditOutcome.CHANGED, other: EditOutcome.NOT_THERE}
    assert world.database.rows.entries[actor, one].tags == {"b", "c"}
    again = await world.lists.update_blocked_artists(command)
    assert again.outcomes[one] is EditOutcome.UNCHANGED
    assert again.change_id is None


async def test_a_tag_is_not_added_and_removed_at_once(world: World) -> None:
    actor = (await world.ada()).profile.id
    command = EntryChanges(
        actor=actor,
        artist_ids=[world.artist()],
        add_tags=["a"],
        remove_tags=["a"],
        note=msgspec.UNSET,
        until=msgspec.UNSET,
        origin=ORIGIN,
    )
    with pytest.raises(InvalidInputError):
        await world.lists.update_blocked_artists(command)
