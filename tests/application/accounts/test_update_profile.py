"""Changing how one is shown."""

from datetime import timedelta

import pytest

from application.accounts.update_profile import ProfileChange
from domain.shared.errors import InvalidInputError, PreconditionFailedError
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_the_name_is_kept_without_the_spaces_around_it(world: World) -> None:
    actor = (await world.ada()).profile.id
    world.clock.advance(timedelta(minutes=1))
    changed = await world.update_profile(
        ProfileChange(actor=actor, display_name="  Ada  ", origin=ORIGIN)
    )
    assert changed.display_name == "Ada"
    assert changed.updated_at > changed.created_at
    assert await world.get_profile(actor) == changed


@pytest.mark.parametrize("name", ["x" * 81, "a\u202eb", "a\nb"])
async def test_a_name_that_misleads_changes_nothing(world: World, name: str) -> None:
    before = (await world.ada()).profile
    with pytest.raises(InvalidInputError):
        await world.update_profile(ProfileChange(actor=before.id, display_name=name, origin=ORIGIN))
    assert await world.get_profile(before.id) == before


async def test_of_two_who_change_what_both_have_read_one_is_told(world: World) -> None:
    before = (await world.ada()).profile
    world.clock.advance(timedelta(minutes=1))
    change = ProfileChange(
        actor=before.id, display_name="Ada", origin=ORIGIN, expected=frozenset({before.version})
    )
    after = await world.update_profile(change)
    with pytest.raises(PreconditionFailedError):
        await world.update_profile(change)
    assert await world.get_profile(before.id) == after
    assert after.version != before.version
