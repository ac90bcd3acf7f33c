"""Reading how much is on a list."""

import pytest

from application.blocklists.bulk_ports import SourceCount
from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_entries_are_counted_by_where_they_come_from(world: World) -> None:
    actor = (await world.ada()).profile.id
    await world.block(actor, world.artist())
    result = await world.import_file(
        actor, "artist,id\nA,3ec16T2vMbjJi4luOqt6ps\nB,32PcXsAFr3ArYaHSYr8qGh\n"
    )
    summary = await world.lists.get_list_summary(actor)
    assert (summary.entries, summary.temporary) == (3, 0)
    assert summary.sources == [
        SourceCount(kind="import", name=None, entries=2),
        SourceCount(kind="own", name=None, entries=1),
    ]
    assert summary.last_change is not None
    assert summary.last_change.id == result.change_id
