"""Codes of providers' sign-ins, exchanged for tokens."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from application.accounts.finish_provider_sign_in import Landing
from application.accounts.signed_in import SignedIn
from domain.accounts.errors import (
    EmailAlreadyRegisteredError,
    InvalidSecondFactorError,
    TooManyAttemptsError,
    TotpRequiredError,
)
from domain.accounts.principal import SignInMethod
from domain.accounts.provider_errors import ProviderEmailUnverifiedError, ProviderSignInExpiredError
from tests.application.accounts.providers import Browser, says
from tests.application.world import World

pytestmark = pytest.mark.anyio


async def landed(world: World) -> tuple[Browser, Landing]:
    """A browser that has just come back."""
    browser = Browser(world)
    await browser.start()
    return browser, await browser.come_back()


async def test_somebody_new_gets_an_account_without_a_password(world: World) -> None:
    signed_in = await Browser(world).sign_in()
    user = world.database.rows.users[signed_in.profile.id]
    assert (user.email.text, user.email_verified) == ("ada@example.org", True)
    assert (user.password_hash, user.display_name) == (None, "Ada")
    types = [event.type for event in world.database.rows.events]
    assert types == [
        "accounts.user_registered.v1",
        "accounts.identity_linked.v1",
        "accounts.session_opened.v1",
    ]


async def test_the_same_person_comes_back_to_the_same_account(world: World) -> None:
    first = await Browser(world).sign_in()
    world.clock.advance(timedelta(days=1))
    says(world, email="new@example.org", email_verified=False, name="Somebody Else")
    second = await Browser(world).sign_in()
    assert second.profile.id == first.profile.id
    assert second.profile.email == "ada@example.org"
    (identity,) = world.database.rows.identities.values()
    assert identity.last_used_at == world.clock()
    session = world.database.rows.sessions[world.claims(second).session_id]
    assert session.methods == (SignInMethod.PROVIDER,)


@pytest.mark.parametrize("verified", [True, False])
async def test_an_address_never_leads_to_an_account(world: World, verified: bool) -> None:
    victim = await world.ada()
    says(world, subject="attacker", email="ADA@example.org", email_verified=verified)
    refusal = EmailAlreadyRegisteredError if verified else ProviderEmailUnverifiedError
    with pytest.raises(refusal):
        await Browser(world).sign_in()
    assert world.database.rows.identities == {}
    assert set(world.database.rows.users) == {victim.profile.id}
    assert len(world.database.rows.sessions) == 1


async def test_a_subject_means_nothing_at_another_issuer(world: World) -> None:
    first = await Browser(world).sign_in("google")
    says(world, "github", subject="subject-1", email="mallory@example.org")
    second = await Browser(world).sign_in("github")
    assert second.profile.id != first.profile.id


@pytest.mark.parametrize("email", [None, "", "no address", "a@b\r\nbcc: c@d.example"])
async def test_without_an_address_no_account_is_opened(world: World, email: str | None) -> None:
    says(world, email=email)
    with pytest.raises(ProviderEmailUnverifiedError):
        await Browser(world).sign_in()
    assert world.database.rows.users == {}


@pytest.mark.parametrize("name", [None, "", "a\u202eb", "\x00", "x" * 500])
async def test_whatever_name_they_have_an_account_is_opened(world: World, name: str | None) -> None:
    says(world, name=name)
    signed_in = await Browser(world).sign_in()
    assert signed_in.profile.display_name in {None, "x" * 80}


async def test_a_code_works_once_and_for_a_minute(world: World) -> None:
    browser, landing = await landed(world)
    await browser.complete(landing)
    with pytest.raises(ProviderSignInExpiredError):
        await browser.complete(landing)
    browser, landing = await landed(world)
    world.clock.advance(timedelta(seconds=60))
    with pytest.raises(ProviderSignInExpiredError):
        await browser.complete(landing)


async def test_of_twenty_with_one_code_one_signs_in(world: World) -> None:
    await Browser(world).sign_in()
    browser, landing = await landed(world)
    results = await asyncio.gather(
        *(browser.complete(landing) for _ in range(20)), return_exceptions=True
    )
    assert sum(isinstance(result, SignedIn) for result in results) == 1
    assert sum(isinstance(result, ProviderSignInExpiredError) for result in results) == 19


async def test_a_code_is_worth_nothing_in_another_browser(world: World) -> None:
    browser, landing = await landed(world)
    for secret in (None, "", "another"):
        with pytest.raises(ProviderSignInExpiredError):
            await Browser(world, secret=secret).complete(landing)
    await browser.complete(landing)


async def test_who_is_known_there_is_forgotten_when_the_code_is_used(world: World) -> None:
    browser, landing = await landed(world)
    await browser.complete(landing)
    (stored,) = world.database.rows.attempts.values()
    assert stored.outcome_sealed is None


async def test_the_second_factor_is_asked_for_and_never_skipped(world: World) -> None:
    person = await Browser(world).sign_in()
    await world.with_totp(person)
    browser, landing = await landed(world)
    with pytest.raises(TotpRequiredError):
        await browser.complete(landing)
    world.clock.advance(timedelta(minutes=2))
    with pytest.raises(InvalidSecondFactorError):
        await browser.complete(landing, totp_code="000000")
    code = world.codes.code(world.clock())
    signed_in = await browser.complete(landing, totp_code=code)
    session = world.database.rows.sessions[world.claims(signed_in).session_id]
    assert session.methods == (SignInMethod.PROVIDER, SignInMethod.TOTP)


async def test_five_minutes_are_the_limit_for_the_second_factor(world: World) -> None:
    person = await Browser(world).sign_in()
    await world.with_totp(person)
    browser, landing = await landed(world)
    with pytest.raises(TotpRequiredError):
        await browser.complete(landing)
    world.clock.advance(timedelta(minutes=5))
    with pytest.raises(ProviderSignInExpiredError):
        await browser.complete(landing, totp_code=world.codes.code(world.clock()))


async def test_guesses_at_the_second_factor_are_counted(world: World) -> None:
    person = await Browser(world).sign_in()
    await world.with_totp(person)
    browser, landing = await landed(world)
    for _ in range(4):  # the one before set the factor up
        with pytest.raises(InvalidSecondFactorError):
            await browser.complete(landing, totp_code="000000")
    with pytest.raises(TooManyAttemptsError):
        await browser.complete(landing, totp_code=world.codes.code(world.clock()))


async def test_an_identity_that_was_unlinked_meanwhile_opens_nothing(world: World) -> None:
    await Browser(world).sign_in()
    browser, landing = await landed(world)
    rows = world.database.rows
    (identity,) = rows.identities.values()
    rows.identities[identity.id] = msgspec.structs.replace(identity, subject="gone")
    with pytest.raises(EmailAlreadyRegisteredError):
        await browser.complete(landing)


async def test_accounts_opened_from_one_address_are_counted(world: World) -> None:
    for number in range(3):
        says(world, subject=str(number), email=f"{number}@example.org")
        await Browser(world).sign_in()
    says(world, subject="4", email="4@example.org")
    with pytest.raises(TooManyAttemptsError):
        await Browser(world).sign_in()
