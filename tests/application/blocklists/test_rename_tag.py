"""Renaming a tag."""

import pytest

from application.blocklists.bulk_ports import TagCount
from application.blocklists.rename_tag import TagRenaming
from domain.blocklists.errors import TagNotFoundError
from domain.shared.errors import InvalidInputError
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_onto_another_both_become_one(world: World) -> None:
    actor = (await world.ada()).profile.id
    await world.block(actor, world.artist(), ["ai", "robots"])
    await world.block(actor, world.artist(), ["ai"])
    command = TagRenaming(actor=actor, tag="ai", to=" robots ", origin=ORIGIN)
    assert (await world.lists.rename_tag(command)).entries == 2
    assert await world.lists.list_tags(actor) == [TagCount(tag="robots", entries=2)]
    with pytest.raises(TagNotFoundError):
        await world.lists.rename_tag(command)


@pytest.mark.parametrize("to", ["", "a;b", "ai", "x" * 51])
async def test_the_new_name_is_another_tag(world: World, to: str) -> None:
    actor = (await world.ada()).profile.id
    with pytest.raises(InvalidInputError):
        await world.lists.rename_tag(TagRenaming(actor=actor, tag="ai", to=to, origin=ORIGIN))
