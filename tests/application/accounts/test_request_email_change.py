"""Asking for another address."""

import pytest

from domain.accounts.errors import InvalidLinkError, TooManyAttemptsError
from domain.shared.errors import InvalidInputError
from domain.shared.mail import MailKind
from tests.application.world import World

pytestmark = pytest.mark.anyio

ADA, NEW, BOB = "ada@example.org", "new@example.org", "bob@example.org"


async def test_nothing_changes_until_the_link_is_followed(world: World) -> None:
    user_id = (await world.ada()).profile.id
    await world.mail.ask_to_move(user_id, NEW)
    assert world.database.rows.users[user_id].email.text == ADA
    assert world.mail.to(NEW)[0].kind is MailKind.CONFIRM_EMAIL_CHANGE


async def test_a_taken_address_is_told_to_its_owner_alone(world: World) -> None:
    user_id = (await world.ada()).profile.id
    await world.ada(BOB)
    await world.mail.ask_to_move(user_id, BOB.upper())
    hint = world.mail.to(BOB)[-1]
    assert hint.kind is MailKind.EMAIL_IN_USE
    assert ADA not in str(hint.values)
    kinds = {mail.kind for mail in world.database.rows.mails}
    assert MailKind.CONFIRM_EMAIL_CHANGE not in kinds, "in whatever spelling of the address"


async def test_a_later_wish_voids_the_one_before_whether_it_is_taken_or_not(world: World) -> None:
    user_id = (await world.ada()).profile.id
    await world.ada(BOB)
    await world.mail.ask_to_move(user_id, NEW)
    await world.mail.ask_to_move(user_id, BOB)
    with pytest.raises(InvalidLinkError):
        await world.mail.move(world.mail.token(NEW, MailKind.CONFIRM_EMAIL_CHANGE))


async def test_ones_own_address_is_no_change(world: World) -> None:
    user_id = (await world.ada()).profile.id
    with pytest.raises(InvalidInputError):
        await world.mail.ask_to_move(user_id, "ADA@example.org")


async def test_nobody_writes_to_strangers_by_the_dozen(world: World) -> None:
    user_id = (await world.ada()).profile.id
    for number in range(5):
        await world.mail.ask_to_move(user_id, f"stranger-{number}@example.org")
    with pytest.raises(TooManyAttemptsError):
        await world.mail.ask_to_move(user_id, NEW)


async def test_an_address_is_written_to_five_times_an_hour_whoever_asks(world: World) -> None:
    for number in range(3):
        user_id = (await world.ada(f"eve-{number}@example.org")).profile.id
        for _ in range(3):
            await world.mail.ask_to_move(user_id, NEW)
    assert len(world.mail.to(NEW)) == 5
