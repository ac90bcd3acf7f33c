"""Choosing a new password by a link."""

from datetime import timedelta

import pytest

from domain.accounts.errors import (
    AuthenticationRequiredError,
    InvalidCredentialsError,
    InvalidLinkError,
    InvalidRefreshTokenError,
    TotpRequiredError,
)
from domain.shared.errors import InvalidInputError
from domain.shared.ids import UserId
from domain.shared.mail import MailKind
from tests.application.mail_world import NEW_PASSWORD
from tests.application.world import World
from tests.fakes.accounts import begin_accounts

pytestmark = pytest.mark.anyio

ADA = "ada@example.org"
KIND = MailKind.RESET_PASSWORD


async def turn_totp_on(world: World, user_id: UserId) -> None:
    """A confirmed second factor with recovery codes."""
    async with begin_accounts(world.database)() as tx:
        await tx.totp.start(user_id, b"sealed", world.clock())
        await tx.totp.confirm(user_id, 1, world.clock())
        await tx.recovery_codes.replace(user_id, [b"a" * 32], world.clock())


async def a_link(world: World) -> str:
    """What somebody gets who has forgotten."""
    await world.mail.forget(ADA)
    return world.mail.token(ADA, KIND)


async def test_the_new_password_opens_and_the_old_one_does_not(world: World) -> None:
    await world.ada()
    await world.mail.reset(await a_link(world))
    assert (await world.sign_in(NEW_PASSWORD)).profile.email == ADA
    with pytest.raises(InvalidCredentialsError):
        await world.sign_in()


async def test_everybody_who_was_in_is_out(world: World) -> None:
    signed_in = await world.ada()
    await world.mail.reset(await a_link(world))
    with pytest.raises(AuthenticationRequiredError):
        await world.principal(signed_in)
    with pytest.raises(InvalidRefreshTokenError):
        await world.refresh(signed_in.refresh_token)
    assert [r.action for r in world.database.rows.audit][-2:] == [
        "accounts.session_revoked.v1",
        "accounts.password_reset.v1",
    ]


async def test_it_proves_the_address_and_the_owner_is_told(world: World) -> None:
    user_id = (await world.ada()).profile.id
    await world.mail.reset(await a_link(world))
    assert world.database.rows.users[user_id].email_verified
    assert world.mail.to(ADA)[-1].kind is MailKind.PASSWORD_CHANGED


async def test_a_link_works_once_for_a_quarter_of_an_hour(world: World) -> None:
    await world.ada()
    token = await a_link(world)
    await world.mail.reset(token)
    with pytest.raises(InvalidLinkError):
        await world.mail.reset(token)
    token = await a_link(world)
    world.clock.advance(timedelta(minutes=15))
    with pytest.raises(InvalidLinkError):
        await world.mail.reset(token)


async def test_the_first_link_fails_after_another_was_sent(world: World) -> None:
    await world.ada()
    first, second = await a_link(world), await a_link(world)
    with pytest.raises(InvalidLinkError):
        await world.mail.reset(first)
    await world.mail.reset(second)


async def test_a_refused_password_leaves_the_link_usable(world: World) -> None:
    await world.ada()
    token = await a_link(world)
    for password in ("short", "correcthorsebattery"):
        with pytest.raises(InvalidInputError):
            await world.mail.reset(token, password)
    await world.mail.reset(token)


async def test_a_wrong_link_costs_no_hashing(world: World) -> None:
    await world.ada()
    world.hasher.busy = True
    with pytest.raises(InvalidLinkError):
        await world.mail.reset("wrong")


async def test_a_second_factor_of_a_proven_address_stays(world: World) -> None:
    user_id = (await world.ada()).profile.id
    await world.mail.verify(world.mail.token(ADA, MailKind.VERIFY_EMAIL))
    await turn_totp_on(world, user_id)
    await world.mail.reset(await a_link(world))
    with pytest.raises(TotpRequiredError):
        await world.sign_in(NEW_PASSWORD)


async def test_a_second_factor_of_an_unproven_address_goes(world: World) -> None:
    user_id = (await world.ada()).profile.id
    await turn_totp_on(world, user_id)
    await world.mail.reset(await a_link(world))
    assert (await world.sign_in(NEW_PASSWORD)).profile.totp_enabled is False
    assert world.database.rows.recovery_codes == {}
    assert "accounts.totp_disabled.v1" in [event.type for event in world.database.rows.events]


async def test_other_links_and_pending_changes_are_void(world: World) -> None:
    user_id = (await world.ada()).profile.id
    await world.mail.ask_to_move(user_id, "new@example.org")
    change = world.mail.token("new@example.org", MailKind.CONFIRM_EMAIL_CHANGE)
    verification = world.mail.token(ADA, MailKind.VERIFY_EMAIL)
    await world.mail.reset(await a_link(world))
    with pytest.raises(InvalidLinkError):
        await world.mail.move(change)
    with pytest.raises(InvalidLinkError):
        await world.mail.verify(verification)
