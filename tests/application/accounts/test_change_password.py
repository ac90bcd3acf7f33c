"""Choosing another password while signed in."""

import msgspec
import pytest

from domain.accounts.errors import AuthenticationRequiredError, InvalidLinkError
from domain.shared.errors import InvalidInputError
from domain.shared.mail import MailKind
from tests.application.mail_world import NEW_PASSWORD
from tests.application.world import World

pytestmark = pytest.mark.anyio

ADA = "ada@example.org"


async def test_this_session_stays_and_the_others_end(world: World) -> None:
    elsewhere = await world.ada()
    here = await world.sign_in()
    await world.mail.change(await world.principal(here))
    assert (await world.principal(here)).user_id == here.profile.id
    with pytest.raises(AuthenticationRequiredError):
        await world.principal(elsewhere)
    await world.sign_in(NEW_PASSWORD)


async def test_the_owner_is_told(world: World) -> None:
    await world.mail.change(await world.principal(await world.ada()))
    assert world.mail.to(ADA)[-1].kind is MailKind.PASSWORD_CHANGED
    assert world.database.rows.events[-1].type == "accounts.password_changed.v1"


async def test_links_that_were_sent_before_are_void(world: World) -> None:
    principal = await world.principal(await world.ada())
    await world.mail.forget(ADA)
    await world.mail.ask_to_move(principal.user_id, "new@example.org")
    await world.mail.change(principal)
    with pytest.raises(InvalidLinkError):
        await world.mail.reset(world.mail.token(ADA, MailKind.RESET_PASSWORD))
    with pytest.raises(InvalidLinkError):
        await world.mail.move(world.mail.token("new@example.org", MailKind.CONFIRM_EMAIL_CHANGE))


async def test_who_has_none_sets_the_first(world: World) -> None:
    principal = await world.principal(await world.ada())
    users = world.database.rows.users
    users[principal.user_id] = msgspec.structs.replace(users[principal.user_id], password_hash=None)
    await world.mail.change(principal)
    await world.sign_in(NEW_PASSWORD)


async def test_the_rules_for_passwords_hold(world: World) -> None:
    principal = await world.principal(await world.ada())
    for password in ("short", "correcthorsebattery", ADA):
        with pytest.raises(InvalidInputError):
            await world.mail.change(principal, password)
