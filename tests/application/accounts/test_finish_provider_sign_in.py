"""The way back from a provider."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from application.accounts.log_out import SignOut
from domain.accounts.provider_errors import (
    ProviderNotFoundError,
    ProviderSignInExpiredError,
    ProviderSignInFailedError,
    ProviderUnavailableError,
)
from domain.shared.mail import MailKind
from tests.application.accounts.providers import Browser, says
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_it_lands_with_a_code_and_where_to_go_on(world: World) -> None:
    browser = Browser(world)
    await browser.start(return_to="/lists?page=2")
    landing = await browser.come_back(issuer="https://google.example")
    assert landing.code is not None
    assert (landing.return_to, landing.failure) == ("/lists?page=2", None)
    fake = world.providers.by_name["google"]
    assert fake.exchanged[0].verifier == fake.sent[0].verifier
    assert fake.exchanged[0].nonce == fake.sent[0].nonce
    assert fake.exchanged[0].issuer == "https://google.example"


async def test_another_browser_gets_nothing_and_uses_nothing_up(world: World) -> None:
    attacker, victim = Browser(world), Browser(world)
    await attacker.start()
    await victim.start()
    for secret in (victim.secret, None, ""):
        stranger = Browser(world, secret=secret, state=attacker.state)
        with pytest.raises(ProviderSignInExpiredError):
            await stranger.come_back()
    assert world.providers.by_name["google"].exchanged == []
    assert (await attacker.come_back()).code is not None


async def test_another_providers_way_back_is_refused(world: World) -> None:
    browser = Browser(world)
    await browser.start("google")
    with pytest.raises(ProviderSignInExpiredError):
        await browser.come_back("github")
    with pytest.raises(ProviderNotFoundError):
        await browser.come_back("myspace")
    assert world.providers.by_name["github"].exchanged == []


async def test_ten_minutes_are_the_limit(world: World) -> None:
    browser = Browser(world)
    await browser.start()
    world.clock.advance(timedelta(minutes=10))
    with pytest.raises(ProviderSignInExpiredError):
        await browser.come_back()


async def test_of_twenty_ways_back_one_exchanges_and_all_land_alike(world: World) -> None:
    browser = Browser(world)
    await browser.start()
    landings = await asyncio.gather(*(browser.come_back() for _ in range(20)))
    assert len(world.providers.by_name["google"].exchanged) == 1
    assert len({landing.code for landing in landings}) == 1


async def test_of_twenty_refused_all_land_alike(world: World) -> None:
    browser = Browser(world)
    await browser.start()
    world.providers.by_name["google"].refuses = ProviderSignInFailedError("no")
    landings = await asyncio.gather(*(browser.come_back() for _ in range(20)))
    assert len(world.providers.by_name["google"].exchanged) == 1
    assert {landing.failure for landing in landings} == {"accounts.provider_sign_in_failed"}


async def test_a_way_back_that_is_walked_again_later_is_refused(world: World) -> None:
    browser = Browser(world)
    await browser.start()
    landing = await browser.come_back()
    assert await browser.come_back() == landing
    world.clock.advance(timedelta(seconds=60))
    with pytest.raises(ProviderSignInExpiredError):
        await browser.come_back()


async def test_a_way_back_is_over_once_its_code_was_used(world: World) -> None:
    browser = Browser(world)
    await browser.start()
    await browser.complete(await browser.come_back())
    with pytest.raises(ProviderSignInExpiredError):
        await browser.come_back()


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ({"error": "access_denied", "code": None}, "accounts.provider_sign_in_cancelled"),
        ({"error": "server_error", "code": None}, "accounts.provider_sign_in_failed"),
        ({"error": "server_error"}, "accounts.provider_sign_in_failed"),
        ({"code": None}, "accounts.provider_sign_in_failed"),
    ],
)
async def test_a_way_back_without_a_code_fails(
    world: World, answer: dict[str, Any], failure: str
) -> None:
    browser = Browser(world)
    await browser.start()
    assert (await browser.come_back(**answer)).failure == failure
    assert world.providers.by_name["google"].exchanged == []


async def test_a_provider_that_is_down_fails_it(world: World) -> None:
    browser = Browser(world)
    await browser.start()
    world.providers.by_name["google"].refuses = ProviderUnavailableError("down")
    assert (await browser.come_back()).failure == "accounts.provider_unavailable"


async def test_a_link_is_made_on_the_way_back_and_the_owner_is_told(world: World) -> None:
    person = await world.ada()
    browser = Browser(world)
    await browser.start_link(person)
    landing = await browser.come_back()
    assert (landing.linked, landing.code) == (True, None)
    (identity,) = world.database.rows.identities.values()
    assert identity.user_id == person.profile.id
    assert world.database.rows.mails[-1].kind is MailKind.PROVIDER_LINKED
    assert world.database.rows.events[-1].type == "accounts.identity_linked.v1"


async def test_no_link_is_made_for_a_session_that_has_ended(world: World) -> None:
    person = await world.ada()
    claims = world.claims(person)
    browser = Browser(world)
    await browser.start_link(person)
    await world.log_out(SignOut(actor=claims.user_id, session_id=claims.session_id, origin=ORIGIN))
    assert (await browser.come_back()).failure == "accounts.provider_sign_in_expired"
    assert world.database.rows.identities == {}


async def test_an_identity_belongs_to_one_account(world: World) -> None:
    await Browser(world).sign_in()
    eve = await world.ada("eve@example.org")
    browser = Browser(world)
    await browser.start_link(eve)
    assert (await browser.come_back()).failure == "accounts.identity_already_linked"
    (identity,) = world.database.rows.identities.values()
    assert identity.user_id != eve.profile.id


async def test_a_link_signs_nobody_in(world: World) -> None:
    person = await world.ada()
    browser = Browser(world)
    await browser.start_link(person)
    says(world, email="other@example.org")
    sessions = len(world.database.rows.sessions)
    assert (await browser.come_back()).code is None
    assert len(world.database.rows.sessions) == sessions
