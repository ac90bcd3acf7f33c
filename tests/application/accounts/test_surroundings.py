"""A message to the owner of an account about a sign-in from where nobody has been."""

from datetime import timedelta

import pytest

from domain.accounts.session import MAX_NOTICES
from domain.shared.mail import Mail, MailKind
from tests.application.accounts.providers import Browser
from tests.application.passkey_world import PasskeyWorld
from tests.application.world import World

pytestmark = pytest.mark.anyio

ADA = "ada@example.org"
ELSEWHERE = "203.0.113.7"


def told(world: World) -> list[Mail]:
    """The messages about sign-ins."""
    return world.mail.to(ADA, MailKind.NEW_SIGN_IN)


async def test_nobody_is_told_of_the_session_that_opened_the_account(world: World) -> None:
    await world.ada()
    assert told(world) == []


async def test_the_message_says_which_device_and_where(world: World) -> None:
    await world.ada()
    await world.sign_in(address=ELSEWHERE, user_agent="Firefox on Linux/147.0")
    (mail,) = told(world)
    assert mail.values == {"device": "Firefox on Linux", "place": "the network 203.0.113.x"}


async def test_the_same_device_in_the_same_network_is_not_new(world: World) -> None:
    await world.ada()
    await world.sign_in()
    await world.sign_in(address="192.0.2.77", user_agent="pytest/9")
    assert told(world) == []


@pytest.mark.parametrize(
    ("address", "user_agent"), [(ELSEWHERE, "pytest"), ("192.0.2.1", "curl/8"), (None, "pytest")]
)
async def test_another_network_or_another_device_is_new_once(
    world: World, address: str | None, user_agent: str
) -> None:
    await world.ada()
    await world.sign_in(address=address, user_agent=user_agent)
    assert len(told(world)) == 1
    await world.sign_in(address=address, user_agent=user_agent)
    assert len(told(world)) == (1 if address else 2), "without an address nothing is recognised"


async def test_a_known_device_may_travel(world: World) -> None:
    device = (await world.ada()).device
    await world.sign_in(device=device, address=ELSEWHERE)
    assert told(world) == []


async def test_there_are_few_messages_an_hour_and_none_is_lost_for_good(world: World) -> None:
    await world.ada()
    for number in range(MAX_NOTICES + 1):
        await world.sign_in(address=f"198.51.{number}.1")
    assert len(told(world)) == MAX_NOTICES
    world.clock.advance(timedelta(hours=1))
    await world.sign_in(address="198.51.0.1")
    assert len(told(world)) == MAX_NOTICES, "this one was told of"
    await world.sign_in(address=f"198.51.{MAX_NOTICES}.1")
    assert len(told(world)) == MAX_NOTICES + 1, "and that one was not"


async def test_what_a_browser_calls_itself_makes_no_link(world: World) -> None:
    await world.ada()
    for name in ("evil.example", "https:", "look\nhere", "<b>"):
        world.clock.advance(timedelta(hours=1))
        await world.sign_in(user_agent=f"{name}/1.0")
    assert [mail.values["device"] for mail in told(world)] == ["", "", "", ""]


async def test_a_passkey_is_no_exception(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    await passkeys.passkey(ada)
    await passkeys.sign_in_by(await passkeys.assertion(ada))
    assert told(passkeys) == []
    passkeys.database.rows.sessions.clear()
    await passkeys.sign_in_by(await passkeys.assertion(ada))
    assert len(told(passkeys)) == 1


async def test_neither_is_a_provider_but_for_the_account_that_it_opens(world: World) -> None:
    address = (await Browser(world).sign_in()).profile.email
    assert world.mail.to(address, MailKind.NEW_SIGN_IN) == []
    world.database.rows.sessions.clear()
    await Browser(world).sign_in()
    assert len(world.mail.to(address, MailKind.NEW_SIGN_IN)) == 1
