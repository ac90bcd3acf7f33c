"""Replacing one's settings."""

import pytest

from application.accounts.update_settings import SettingsChange
from domain.accounts.user import Theme, UserSettings
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
