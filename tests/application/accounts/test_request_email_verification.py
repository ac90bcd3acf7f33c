"""Asking for another link that proves one's address."""

import pytest

from domain.accounts.errors import InvalidLinkError, TooManyAttemptsError
from domain.shared.mail import MailKind
from tests.application.world import World

pytestmark = pytest.mark.anyio

ADA = "ada@example.org"
KIND = MailKind.VERIFY_EMAIL


async def test_the_link_before_fails_and_the_newer_one_works(world: World) -> None:
    user_id = (await world.ada()).profile.id
    first = world.mail.token(ADA, KIND)
    await world.mail.ask_to_verify(user_id)
    with pytest.raises(InvalidLinkError):
        await world.mail.verify(first)
    await world.mail.verify(world.mail.token(ADA, KIND))
    assert world.database.rows.users[user_id].email_verified


async def test_a_proven_address_gets_no_other(world: World) -> None:
    user_id = (await world.ada()).profile.id
    await world.mail.verify(world.mail.token(ADA, KIND))
    await world.mail.ask_to_verify(user_id)
    assert len(world.mail.to(ADA)) == 1


async def test_the_sixth_in_an_hour_waits(world: World) -> None:
    user_id = (await world.ada()).profile.id
    for _ in range(5):
        await world.mail.ask_to_verify(user_id)
    with pytest.raises(TooManyAttemptsError):
        await world.mail.ask_to_verify(user_id)
    assert len(world.mail.to(ADA)) == 6
