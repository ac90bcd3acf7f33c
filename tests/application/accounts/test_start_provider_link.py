"""The way to a provider that is to be linked."""

import pytest

from domain.accounts.provider_errors import ProviderNotFoundError
from tests.application.accounts.providers import Browser
from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_it_is_bound_to_the_account_and_the_session(world: World) -> None:
    person = await world.ada()
    await Browser(world).start_link(person)
    (stored,) = world.database.rows.attempts.values()
    claims = world.claims(person)
    assert (stored.attempt.user_id, stored.attempt.session_id) == (
        claims.user_id,
        claims.session_id,
    )


async def test_an_unknown_provider_is_not_found(world: World) -> None:
    with pytest.raises(ProviderNotFoundError):
        await Browser(world).start_link(await world.ada(), "myspace")
