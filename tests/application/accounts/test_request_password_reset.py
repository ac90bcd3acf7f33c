"""Saying that a password is forgotten."""

from datetime import timedelta

import msgspec
import pytest

from application.accounts.request_password_reset import ForgottenPassword
from domain.accounts.errors import TooManyAttemptsError
from domain.shared.errors import InvalidInputError
from domain.shared.mail import MailKind
from tests.application.mail_world import LINK_ATTEMPTS
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio

ADA = "ada@example.org"
KIND = MailKind.RESET_PASSWORD


async def test_a_known_and_an_unknown_address_leave_the_same_behind(world: World) -> None:
    await world.ada()
    for email in (ADA, "nobody@example.org"):
        await world.mail.request_password_reset(ForgottenPassword(email=email, origin=ORIGIN))
    known, unknown = world.database.rows.reset_requests
    assert (known.muted, known.place) == (unknown.muted, unknown.place)
    assert world.mail.to(ADA, KIND) == [], "nothing is looked up before the worker does"


async def test_only_who_has_an_account_gets_a_link(world: World) -> None:
    await world.ada()
    await world.mail.forget("ADA@example.org")
    await world.mail.forget("nobody@example.org")
    assert [m.to for m in world.database.rows.mails if m.kind is KIND] == [ADA]
    assert world.database.rows.reset_requests == []


async def test_an_address_is_written_to_five_times_an_hour_whatever_is_asked(world: World) -> None:
    await world.ada()
    for _ in range(30):
        world.clock.advance(timedelta(seconds=1))
        elsewhere = msgspec.structs.replace(ORIGIN, address=f"192.0.2.{world.clock().second}")
        await world.mail.forget(ADA, elsewhere)
    assert len(world.mail.to(ADA)) == 5, "with the one that registering sends"
    world.clock.advance(timedelta(hours=1))
    await world.mail.forget(ADA)
    assert len(world.mail.to(ADA)) == 6


async def test_a_network_address_that_asks_all_the_time_waits(world: World) -> None:
    for number in range(LINK_ATTEMPTS.attempts):
        await world.mail.forget(f"somebody-{number}@example.org")
    with pytest.raises(TooManyAttemptsError):
        await world.mail.forget("one-more@example.org")


async def test_the_addresses_of_one_ipv6_network_wait_together(world: World) -> None:
    for number in range(LINK_ATTEMPTS.attempts):
        elsewhere = msgspec.structs.replace(ORIGIN, address=f"2001:db8:1:2::{number:x}")
        await world.mail.forget(f"somebody-{number}@example.org", elsewhere)
    neighbour = msgspec.structs.replace(ORIGIN, address="2001:db8:1:2:ffff::1")
    with pytest.raises(TooManyAttemptsError):
        await world.mail.forget("one-more@example.org", neighbour)
    other = msgspec.structs.replace(ORIGIN, address="2001:db8:1:3::1")
    await world.mail.forget("one-more@example.org", other)


async def test_what_is_no_address_is_refused(world: World) -> None:
    for text in ("ada", "ada@example.org\r\nBcc: eve@example.org", "a da@example.org"):
        with pytest.raises(InvalidInputError):
            await world.mail.forget(text)
