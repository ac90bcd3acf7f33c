"""What is linked to an account."""

import pytest

from tests.application.accounts.providers import Browser
from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_only_ones_own_are_shown(world: World) -> None:
    signed_in = await Browser(world).sign_in()
    eve = await world.ada("eve@example.org")
    (identity,) = await world.list_identities(signed_in.profile.id)
    assert (identity.provider, identity.issuer) == ("google", "https://google.example")
    assert await world.list_identities(eve.profile.id) == []
