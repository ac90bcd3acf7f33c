"""Proving an address."""

from datetime import timedelta

import pytest

from domain.accounts.email_address import EmailAddress
from domain.accounts.errors import InvalidLinkError, TooManyAttemptsError
from domain.shared.mail import MailKind
from tests.application.mail_world import LINK_ATTEMPTS
from tests.application.world import World

pytestmark = pytest.mark.anyio

ADA = "ada@example.org"
KIND = MailKind.VERIFY_EMAIL


async def test_registering_sends_a_link_that_proves_the_address(world: World) -> None:
    signed_in = await world.ada()
    assert not signed_in.profile.email_verified
    await world.mail.verify(world.mail.token(ADA, KIND))
    assert world.database.rows.users[signed_in.profile.id].email_verified
    assert world.database.rows.events[-1].type == "accounts.email_verified.v1"


async def test_only_a_digest_of_the_link_is_kept(world: World) -> None:
    await world.ada()
    token = world.mail.token(ADA, KIND)
    assert token.encode() not in world.database.rows.links
    assert world.secrets.digest(token) in world.database.rows.links
    assert token not in repr(world.mail.to(ADA))


async def test_refusals_of_used_expired_unknown_and_foreign_links_are_alike(world: World) -> None:
    await world.ada()
    used = world.mail.token(ADA, KIND)
    await world.mail.verify(used)
    await world.ada("bob@example.org")
    expired = world.mail.token("bob@example.org", KIND)
    world.clock.advance(timedelta(minutes=60))
    await world.mail.forget(ADA)
    other_purpose = world.mail.token(ADA, MailKind.RESET_PASSWORD)
    refusals = set()
    for token in (used, expired, other_purpose, "never-ours"):
        with pytest.raises(InvalidLinkError) as refusal:
            await world.mail.verify(token)
        refusals.add((refusal.value.detail, refusal.value.errors, refusal.value.retry_after))
    assert len(refusals) == 1


async def test_a_link_works_until_the_last_minute(world: World) -> None:
    await world.ada()
    world.clock.advance(timedelta(minutes=59))
    await world.mail.verify(world.mail.token(ADA, KIND))


async def test_after_a_few_wrong_tries_even_the_right_link_waits(world: World) -> None:
    await world.ada()
    for _ in range(LINK_ATTEMPTS.attempts):
        with pytest.raises(InvalidLinkError):
            await world.mail.verify("wrong")
    with pytest.raises(TooManyAttemptsError):
        await world.mail.verify(world.mail.token(ADA, KIND))
    world.clock.advance(timedelta(hours=1))
    await world.mail.ask_to_verify(next(iter(world.database.rows.users)))
    await world.mail.verify(world.mail.token(ADA, KIND))


async def test_a_right_link_forgives_the_wrong_ones(world: World) -> None:
    for email in (ADA, "bob@example.org"):
        await world.ada(email)
        for _ in range(LINK_ATTEMPTS.attempts - 1):
            with pytest.raises(InvalidLinkError):
                await world.mail.verify("wrong")
        await world.mail.verify(world.mail.token(email, KIND))


async def test_a_link_to_a_former_address_proves_nothing(world: World) -> None:
    user_id = (await world.ada()).profile.id
    old = world.mail.token(ADA, KIND)
    await world.mail.ask_to_move(user_id, "new@example.org")
    await world.mail.move(world.mail.token("new@example.org", MailKind.CONFIRM_EMAIL_CHANGE))
    with pytest.raises(InvalidLinkError):
        await world.mail.verify(old)


async def test_even_a_link_that_nobody_voided_proves_only_the_address_it_went_to(
    world: World,
) -> None:
    user_id = (await world.ada()).profile.id
    user = world.database.rows.users[user_id]
    moved = user.moved_to(EmailAddress.parse("new@example.org"), world.clock())
    world.database.rows.users[user_id] = moved
    with pytest.raises(InvalidLinkError):
        await world.mail.verify(world.mail.token(ADA, KIND))
