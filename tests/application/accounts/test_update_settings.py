"""Replacing one's settings."""

from datetime import timedelta

import pytest

from application.accounts.update_settings import SettingsChange
from domain.accounts.user import Theme, UserSettings
from domain.shared.errors import PreconditionFailedError
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_all_settings_are_replaced(world: World) -> None:
    actor = (await world.ada()).profile.id
    wanted = UserSettings(theme=Theme.DARK, language="de", email_notifications=False)
    changed = await world.update_settings(
        SettingsChange(actor=actor, settings=wanted, origin=ORIGIN)
    )
    assert changed.settings == wanted
    assert (await world.get_profile(actor)).settings == wanted


async def test_of_two_who_change_what_both_have_read_one_is_told(world: World) -> None:
    before = (await world.ada()).profile
    world.clock.advance(timedelta(minutes=1))
    change = SettingsChange(
        actor=before.id,
        settings=UserSettings(theme=Theme.DARK),
        origin=ORIGIN,
        expected=frozenset({before.version}),
    )
    after = await world.update_settings(change)
    with pytest.raises(PreconditionFailedError):
        await world.update_settings(change)
    assert await world.get_profile(before.id) == after
