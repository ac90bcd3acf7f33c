"""Moving to another address."""

from datetime import timedelta

import pytest

from domain.accounts.errors import InvalidLinkError
from domain.shared.mail import MailKind
from tests.application.world import World

pytestmark = pytest.mark.anyio

ADA, NEW, BOB = "ada@example.org", "new@example.org", "bob@example.org"
CONFIRM, CHANGED = MailKind.CONFIRM_EMAIL_CHANGE, MailKind.EMAIL_CHANGED


async def a_wish(world: World, *, proven: bool = True) -> str:
    """Somebody who has asked for another address; the link that goes there."""
    user_id = (await world.ada()).profile.id
    if proven:
        await world.mail.verify(world.mail.token(ADA, MailKind.VERIFY_EMAIL))
    await world.mail.ask_to_move(user_id, NEW)
    return world.mail.token(NEW, CONFIRM)


async def test_the_account_moves_and_the_former_address_is_told_how_to_undo_it(
    world: World,
) -> None:
    await world.mail.move(await a_wish(world))
    signed_in = await world.sign_in(email=NEW)
    assert (signed_in.profile.email, signed_in.profile.email_verified) == (NEW, True)
    notice = world.mail.to(ADA, CHANGED)[0]
    assert notice.values["token"]
    assert notice.expires_at == world.clock() + timedelta(hours=72)


async def test_an_unproven_former_address_may_be_a_strangers_and_can_undo_nothing(
    world: World,
) -> None:
    await world.mail.move(await a_wish(world, proven=False))
    assert "token" not in world.mail.to(ADA, CHANGED)[0].values


async def test_a_link_works_once_for_an_hour(world: World) -> None:
    token = await a_wish(world)
    await world.mail.move(token)
    with pytest.raises(InvalidLinkError):
        await world.mail.move(token)
    user_id = next(iter(world.database.rows.users))
    await world.mail.ask_to_move(user_id, BOB)
    world.clock.advance(timedelta(minutes=60))
    with pytest.raises(InvalidLinkError):
        await world.mail.move(world.mail.token(BOB, CONFIRM))


async def test_an_address_that_was_taken_meanwhile_looks_like_any_wrong_link(world: World) -> None:
    token = await a_wish(world)
    await world.ada(NEW)
    with pytest.raises(InvalidLinkError):
        await world.mail.move(token)
    assert (await world.sign_in()).profile.email == ADA


async def test_reset_links_to_the_former_address_are_void(world: World) -> None:
    token = await a_wish(world)
    await world.mail.forget(ADA)
    await world.mail.move(token)
    with pytest.raises(InvalidLinkError):
        await world.mail.reset(world.mail.token(ADA, MailKind.RESET_PASSWORD))


async def test_nobody_moves_to_an_address_that_somebody_can_take_back(world: World) -> None:
    await world.mail.move(await a_wish(world))
    bob = (await world.ada(BOB)).profile.id
    await world.mail.ask_to_move(bob, ADA)
    with pytest.raises(InvalidLinkError):
        await world.mail.move(world.mail.token(ADA, CONFIRM))
    world.clock.advance(timedelta(hours=72))
    await world.mail.ask_to_move(bob, ADA)
    await world.mail.move(world.mail.token(ADA, CONFIRM))
