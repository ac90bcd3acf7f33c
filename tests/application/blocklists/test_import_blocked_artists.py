"""Importing a file."""

import msgspec
import pytest

from domain.blocklists.errors import UnreadableListError
from domain.blocklists.list_formats.sniffing import ListFormat
from tests.application.world import World

pytestmark = pytest.mark.anyio

ROWS = "artist,id\nStatic Bloom,4PbKVheWA7ToOxOrqqzjol\nOrchid Static,32PcXsAFr3ArYaHSYr8qGh\n"


async def test_every_row_is_added_once(world: World) -> None:
    actor = (await world.ada()).profile.id
    first = await world.import_file(actor, ROWS)
    again = await world.import_file(actor, ROWS)
    assert (first.added, first.already_there, first.rejected) == (2, 0, 0)
    assert (again.added, again.already_there, again.rejected) == (0, 2, 0)
    assert len(world.database.rows.artists) == 2


async def test_rows_that_cannot_be_read_are_named_and_the_rest_is_added(world: World) -> None:
    actor = (await world.ada()).profile.id
    result = await world.import_file(actor, ROWS + "Nobody,\n,4PbKVheWA7ToOxOrqqzjoX\nBad,short\n")
    assert result.added == 2
    assert [review.line for review in result.reviews] == [4]
    assert [rejection.line for rejection in result.rejections] == [5, 6]
    assert "no name" in result.rejections[0].reason


async def test_a_file_that_breaks_half_way_changes_nothing(world: World) -> None:
    actor = (await world.ada()).profile.id
    told = len(world.database.rows.events)
    with pytest.raises(UnreadableListError, match="quotes do not match"):
        await world.import_file(actor, ROWS + '"open,4PbKVheWA7ToOxOrqqzjoX\n')
    assert not world.database.rows.entries
    assert not world.database.rows.artists
    assert len(world.database.rows.events) == told


async def test_only_the_first_thousand_rejections_are_listed(world: World) -> None:
    actor = (await world.ada()).profile.id
    result = await world.import_file(actor, "artist,id\n" + "x,bad\n" * 1500)
    assert result.rejected == 1500
    assert len(result.rejections) == 1000


async def test_a_dry_run_says_the_same_and_leaves_no_trace(world: World) -> None:
    actor = (await world.ada()).profile.id
    before = world.database.rows
    dry = await world.import_file(actor, ROWS, dry_run=True)
    assert (dry.added, dry.dry_run) == (2, True)
    assert world.database.rows == before
    assert not world.database.rows.entries
    real = await world.import_file(actor, ROWS)
    assert (dry.change_id, real.change_id is None) == (None, False)
    assert real == msgspec.structs.replace(dry, dry_run=False, change_id=real.change_id)


async def test_tracks_are_counted_and_not_taken_over(world: World) -> None:
    actor = (await world.ada()).profile.id
    await world.import_file(actor, ROWS)
    trashbin = '{"songs": {"spotify:track:4PbKVheWA7ToOxOrqqzjol": true}, "artists": {}}'
    result = await world.import_file(actor, trashbin)
    assert (result.format, result.tracks, result.added) == (ListFormat.TRASHBIN, 1, 0)


async def test_what_the_caller_says_the_format_is_counts(world: World) -> None:
    actor = (await world.ada()).profile.id
    result = await world.import_file(actor, ROWS, format=ListFormat.TEXT)
    assert (result.added, result.needs_review) == (0, 3)
