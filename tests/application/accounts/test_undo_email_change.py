"""Taking an account back to its former address."""

from datetime import timedelta

import pytest

from application.accounts.signed_in import SignedIn
from application.privacy.export_user_data import DataRequest
from domain.accounts.errors import (
    AuthenticationRequiredError,
    EmailAlreadyRegisteredError,
    InvalidCredentialsError,
    InvalidLinkError,
    TotpRequiredError,
)
from domain.shared.mail import MailKind
from tests.application.mail_world import NEW_PASSWORD
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio

ADA, EVE, EVE_TOO = "ada@example.org", "eve@example.org", "eve-too@example.org"
CONFIRM, CHANGED = MailKind.CONFIRM_EMAIL_CHANGE, MailKind.EMAIL_CHANGED


async def a_taken_account(world: World) -> SignedIn:
    """Ada's account, which Eve has got into and moved to an address of hers."""
    signed_in = await world.ada()
    await world.mail.verify(world.mail.token(ADA, MailKind.VERIFY_EMAIL))
    await world.mail.ask_to_move(signed_in.profile.id, EVE)
    await world.mail.move(world.mail.token(EVE, CONFIRM))
    return signed_in


async def test_the_owner_gets_it_back_and_nobody_else_stays(world: World) -> None:
    taken = await a_taken_account(world)
    world.clock.advance(timedelta(hours=71))
    eve = await world.sign_in(email=EVE)
    await world.mail.undo(world.mail.token(ADA, CHANGED))
    with pytest.raises(AuthenticationRequiredError):
        await world.principal(eve)
    for email in (ADA, EVE):
        with pytest.raises(InvalidCredentialsError):
            await world.sign_in(email=email)
    await world.mail.reset(world.mail.token(ADA, MailKind.RESET_PASSWORD))
    assert (await world.sign_in(NEW_PASSWORD)).profile.id == taken.profile.id


async def test_it_works_once_and_not_after_three_days(world: World) -> None:
    await a_taken_account(world)
    token = world.mail.token(ADA, CHANGED)
    world.clock.advance(timedelta(hours=72))
    with pytest.raises(InvalidLinkError):
        await world.mail.undo(token)
    assert (await world.sign_in(email=EVE)).profile.email == EVE


async def test_neither_a_reset_nor_a_new_password_takes_it_away(world: World) -> None:
    taken = await a_taken_account(world)
    await world.mail.forget(EVE)
    await world.mail.reset(world.mail.token(EVE, MailKind.RESET_PASSWORD))
    eve = await world.sign_in(NEW_PASSWORD, EVE)
    await world.mail.change(await world.principal(eve), "eleven angry geese on a lawn")
    await world.mail.undo(world.mail.token(ADA, CHANGED))
    assert world.database.rows.users[taken.profile.id].email.text == ADA


async def test_of_two_changes_the_first_address_wins(world: World) -> None:
    taken = await a_taken_account(world)
    world.clock.advance(timedelta(minutes=1))
    await world.mail.ask_to_move(taken.profile.id, EVE_TOO)
    await world.mail.move(world.mail.token(EVE_TOO, CONFIRM))
    eves = world.mail.token(EVE, CHANGED)
    await world.mail.undo(world.mail.token(ADA, CHANGED))
    with pytest.raises(InvalidLinkError):
        await world.mail.undo(eves)
    assert world.database.rows.users[taken.profile.id].email.text == ADA


async def test_undoing_the_second_change_does_not_void_the_way_back_from_the_first(
    world: World,
) -> None:
    taken = await a_taken_account(world)
    world.clock.advance(timedelta(minutes=1))
    await world.mail.ask_to_move(taken.profile.id, EVE_TOO)
    await world.mail.move(world.mail.token(EVE_TOO, CONFIRM))
    await world.mail.undo(world.mail.token(EVE, CHANGED))
    await world.mail.undo(world.mail.token(ADA, CHANGED))
    assert world.database.rows.users[taken.profile.id].email.text == ADA


async def test_nobody_else_registers_the_address_meanwhile(world: World) -> None:
    await a_taken_account(world)
    with pytest.raises(EmailAlreadyRegisteredError):
        await world.ada()
    await world.mail.undo(world.mail.token(ADA, CHANGED))


async def test_links_to_the_other_address_are_void(world: World) -> None:
    await a_taken_account(world)
    await world.mail.forget(EVE)
    await world.mail.undo(world.mail.token(ADA, CHANGED))
    with pytest.raises(InvalidLinkError):
        await world.mail.reset(world.mail.token(EVE, MailKind.RESET_PASSWORD))


async def test_what_the_thief_planted_goes_and_what_the_owner_had_stays(world: World) -> None:
    ada = await world.ada()
    await world.mail.verify(world.mail.token(ADA, MailKind.VERIFY_EMAIL))
    await world.with_totp(ada)
    world.clock.advance(timedelta(days=4))
    await world.mail.ask_to_move(ada.profile.id, EVE)
    await world.mail.move(world.mail.token(EVE, CONFIRM))
    await world.request_deletion(DataRequest(actor=ada.profile.id, origin=ORIGIN))
    await world.mail.undo(world.mail.token(ADA, CHANGED))
    assert world.database.rows.deletions == {}
    await world.mail.reset(world.mail.token(ADA, MailKind.RESET_PASSWORD))
    with pytest.raises(TotpRequiredError):
        await world.sign_in(NEW_PASSWORD)


@pytest.mark.parametrize("before", [True, False])
async def test_a_factor_that_came_with_the_change_goes(world: World, before: bool) -> None:
    ada = await world.ada()
    await world.mail.verify(world.mail.token(ADA, MailKind.VERIFY_EMAIL))
    if before:
        await world.with_totp(ada)
        world.clock.advance(timedelta(hours=71))
    await world.mail.ask_to_move(ada.profile.id, EVE)
    await world.mail.move(world.mail.token(EVE, CONFIRM))
    if not before:
        await world.with_totp(ada)
    await world.mail.undo(world.mail.token(ADA, CHANGED))
    await world.mail.reset(world.mail.token(ADA, MailKind.RESET_PASSWORD))
    assert (await world.sign_in(NEW_PASSWORD)).profile.id == ada.profile.id
