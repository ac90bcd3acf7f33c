"""Reading the list."""

import msgspec
import pytest

from application.blocklists.ports import ListOrder
from tests.application.world import World
from tests.builders.blocklists import a_slice

pytestmark = pytest.mark.anyio


async def test_pages_follow_one_another_without_gap_or_overlap(world: World) -> None:
    actor = (await world.ada()).profile.id
    names = ["Cloud Ledger", "Echo Plumbing", "Tin Roof Opera", "Marble & Moth", "Half Past Never"]
    for name in names:
        await world.block(actor, world.artist(name))
    query = a_slice(actor, order=ListOrder.NAME, limit=2)
    read: list[str] = []
    while True:
        page = await world.list_blocked_artists(query)
        read += [entry.artist.canonical_name for entry in page.entries]
        if page.next is None:
            break
        query = msgspec.structs.replace(query, after=page.next)
    assert read == sorted(names)


async def test_a_person_sees_their_own_list_only(world: World) -> None:
    ada, eve = (await world.ada()).profile.id, (await world.ada("eve@example.org")).profile.id
    await world.block(ada, world.artist())
    assert (await world.list_blocked_artists(a_slice(eve))).entries == []
