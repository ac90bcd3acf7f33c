"""The way to a provider."""

import pytest

from domain.accounts.attempts import PROVIDER_START_LIMIT
from domain.accounts.errors import TooManyAttemptsError
from domain.accounts.provider_errors import ProviderNotFoundError, ProviderUnavailableError
from domain.shared.errors import InvalidInputError
from tests.application.accounts.providers import Browser
from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_only_digests_and_sealed_secrets_are_kept(world: World) -> None:
    browser = Browser(world)
    await browser.start()
    (stored,) = world.database.rows.attempts.values()
    way = world.providers.by_name["google"].sent[0]
    assert stored.attempt.state_digest == world.secrets.digest(way.state)
    assert browser.secret is not None
    assert stored.attempt.browser_digest == world.secrets.digest(browser.secret)
    assert len({way.state, way.nonce, way.verifier, browser.secret}) == 4
    place = f"sign_in_attempts/{stored.attempt.id}/secrets|".encode()
    assert stored.attempt.secrets_sealed.startswith(place)


async def test_an_unknown_provider_is_not_found(world: World) -> None:
    with pytest.raises(ProviderNotFoundError):
        await Browser(world).start("myspace")
    assert world.database.rows.attempts == {}


async def test_a_provider_that_is_down_leaves_nothing(world: World) -> None:
    world.providers.by_name["google"].refuses = ProviderUnavailableError("down")
    with pytest.raises(ProviderUnavailableError):
        await Browser(world).start()
    assert world.database.rows.attempts == {}


@pytest.mark.parametrize(
    "return_to",
    [
        "https://evil.example", "//evil.example", "/\\evil.example", "lists", "", "/a\nb",
        "/" + "x" * 512, "javascript:alert(1)",
    ],
)  # fmt: skip
async def test_only_paths_of_our_own_are_returned_to(world: World, return_to: str) -> None:
    with pytest.raises(InvalidInputError):
        await Browser(world).start(return_to=return_to)


async def test_one_address_cannot_fill_the_table(world: World) -> None:
    for _ in range(PROVIDER_START_LIMIT.attempts):
        await Browser(world).start()
    with pytest.raises(TooManyAttemptsError):
        await Browser(world).start()
