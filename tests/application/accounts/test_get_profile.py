"""Reading one's account."""

from uuid import uuid4

import pytest

from domain.accounts.errors import AuthenticationRequiredError
from domain.shared.ids import UserId
from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_a_person_reads_what_was_registered(world: World) -> None:
    signed_in = await world.ada()
    assert await world.get_profile(signed_in.profile.id) == signed_in.profile


async def test_an_account_that_is_gone_asks_to_sign_in(world: World) -> None:
    with pytest.raises(AuthenticationRequiredError):
        await world.get_profile(UserId(uuid4()))
