"""Seeing where one is signed in."""

import pytest

from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_each_device_is_shown_without_its_exact_address(world: World) -> None:
    ada = await world.ada()
    await world.sign_in()
    await world.ada("somebody.else@example.org")
    sessions = await world.list_sessions(ada.profile.id)
    assert [session.network for session in sessions] == ["192.0.2.0/24"] * 2
    assert {session.device for session in sessions} == {"pytest"}
    assert world.claims(ada).session_id in {session.id for session in sessions}
