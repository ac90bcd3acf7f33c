"""Finding out who asks."""

from datetime import timedelta

import pytest

from domain.accounts.errors import AuthenticationRequiredError
from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_a_token_is_good_for_ten_minutes(world: World) -> None:
    signed_in = await world.ada()
    world.clock.advance(timedelta(minutes=9, seconds=59))
    assert (await world.principal(signed_in)).user_id == signed_in.profile.id
    world.clock.advance(timedelta(seconds=1))
    with pytest.raises(AuthenticationRequiredError):
        await world.principal(signed_in)
