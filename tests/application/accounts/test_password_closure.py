"""After a hundred failures in a row the password opens nothing, until there is another."""

import asyncio
from datetime import timedelta

import pytest

from domain.accounts.errors import (
    InvalidCredentialsError,
    InvalidSecondFactorError,
    SignInBusyError,
    TotpRequiredError,
    WrongPasswordError,
)
from domain.accounts.password_stop import MOST_FAILURES, most_failures
from domain.shared.mail import MailKind
from tests.application.mail_world import NEW_PASSWORD
from tests.application.world import PASSWORD, World

pytestmark = pytest.mark.anyio

ADA = "ada@example.org"
WRONG = "another password entirely"
STRANGERS, FAMILIAR = most_failures(familiar=False), most_failures(familiar=True)


async def guess(world: World, times: int, password: str = WRONG, device: str | None = None) -> None:
    """So many refused attempts, with the pauses that the throttle asks for."""
    for number in range(times):
        if number % 5 == 0:
            world.clock.advance(timedelta(hours=1))
        with pytest.raises(InvalidCredentialsError):
            await world.sign_in(password, device=device)
    world.clock.advance(timedelta(hours=1))


def told(world: World) -> list[str]:
    """Whom the messages said that the password is closed to."""
    mails = world.mail.to(ADA, MailKind.PASSWORD_CLOSED)
    return [mail.values["closed_to"] for mail in mails]


def test_strangers_and_the_familiar_have_a_hundred_failures_together() -> None:
    assert STRANGERS + FAMILIAR == MOST_FAILURES == 100


async def test_the_last_failure_closes_the_password_to_strangers(world: World) -> None:
    device = (await world.ada()).device
    await guess(world, STRANGERS - 1)
    assert told(world) == []
    await world.sign_in()
    await guess(world, STRANGERS)
    assert told(world) == ["other devices"]
    with pytest.raises(InvalidCredentialsError):
        await world.sign_in()
    await world.sign_in(device=device)


async def test_a_closed_password_looks_like_a_wrong_one_and_costs_the_same(world: World) -> None:
    await world.ada()
    await guess(world, STRANGERS)
    world.hasher.verified.clear()
    refusals = []
    for email in (ADA, "nobody@example.org"):
        with pytest.raises(InvalidCredentialsError) as refusal:
            await world.sign_in(PASSWORD, email)
        refusals.append((refusal.value.detail, refusal.value.errors))
    assert refusals[0] == refusals[1]
    assert world.hasher.verified == [None, None]
    record = world.database.rows.audit[-2]
    assert (record.action, record.user_id is None) == ("accounts.sign_in_refused.v1", False)


async def test_the_owner_is_told_once(world: World) -> None:
    await world.ada()
    await guess(world, STRANGERS + 10)
    assert told(world) == ["other devices"]
    closed = [e for e in world.database.rows.events if e.type == "accounts.password_closed.v1"]
    assert len(closed) == 1


async def test_two_hundred_at_once_are_verified_no_more_often_than_they_may(world: World) -> None:
    ada = (await world.ada()).profile.id
    await guess(world, STRANGERS - 3)
    world.hasher.verified.clear()
    for _ in range(40):  # as if no other count was kept
        world.clock.advance(timedelta(hours=1))
        await asyncio.gather(
            *(world.sign_in(WRONG, address=f"192.0.2.{n}") for n in range(5)),
            return_exceptions=True,
        )
    compared = [known for known in world.hasher.verified if known is not None]
    assert len(compared) == 3
    assert told(world) == ["other devices"]
    assert world.database.rows.password_failures[ada, False].failures == STRANGERS


async def test_known_devices_have_a_count_of_their_own(world: World) -> None:
    device = (await world.ada()).device
    await guess(world, FAMILIAR, device=device)
    assert told(world) == ["known devices"]
    with pytest.raises(InvalidCredentialsError):
        await world.sign_in(device=device)
    assert (await world.sign_in()).profile.email == ADA


async def test_a_right_password_starts_the_count_anew(world: World) -> None:
    device = (await world.ada()).device
    await guess(world, FAMILIAR - 1, device=device)
    await guess(world, STRANGERS - 1)
    await world.sign_in()
    assert world.database.rows.password_failures == {}


async def test_the_right_password_without_the_factor_starts_nothing_anew(world: World) -> None:
    ada = await world.ada()
    await world.with_totp(ada)
    with pytest.raises(TotpRequiredError):
        await world.sign_in()
    with pytest.raises(InvalidSecondFactorError):
        await world.sign_in(totp_code="1")
    assert world.database.rows.password_failures[ada.profile.id, False].failures == 2
    world.clock.advance(timedelta(minutes=1))
    await world.sign_in(totp_code=world.codes.code(world.clock()))
    assert world.database.rows.password_failures == {}


async def test_a_reset_opens_it_again(world: World) -> None:
    await world.ada()
    await guess(world, STRANGERS)
    await world.mail.forget(ADA)
    await world.mail.reset(world.mail.token(ADA, MailKind.RESET_PASSWORD))
    assert (await world.sign_in(NEW_PASSWORD)).profile.email == ADA
    await guess(world, STRANGERS)
    assert told(world) == ["other devices"] * 2, "and the next row is a row of its own"


async def test_a_change_of_the_password_opens_it_again(world: World) -> None:
    ada = await world.principal(await world.ada())
    await guess(world, STRANGERS)
    await world.mail.change(ada)
    assert (await world.sign_in(NEW_PASSWORD)).profile.email == ADA


async def test_a_session_is_no_way_to_guess_the_password(world: World) -> None:
    ada = await world.ada()
    for number in range(FAMILIAR):
        if number % 5 == 0:
            (ada,) = await world.later(timedelta(hours=1), ada)
        with pytest.raises(WrongPasswordError):
            await world.prove(ada, WRONG)
    assert told(world) == ["known devices"]
    (ada,) = await world.later(timedelta(hours=1), ada)
    with pytest.raises(WrongPasswordError):
        await world.prove(ada)
    assert world.hasher.verified[-1] is None
    assert told(world) == ["known devices"]


async def test_a_right_proof_starts_the_count_anew(world: World) -> None:
    ada = await world.ada()
    with pytest.raises(WrongPasswordError):
        await world.prove(ada, WRONG)
    await world.prove(ada)
    assert world.database.rows.password_failures == {}


async def test_what_was_not_tried_is_not_counted(world: World) -> None:
    ada = await world.ada()
    with pytest.raises(InvalidCredentialsError):
        await world.sign_in(WRONG)
    world.hasher.busy = True
    for _ in range(3):
        with pytest.raises(SignInBusyError):
            await world.sign_in()
        with pytest.raises(SignInBusyError):
            await world.sign_in(PASSWORD, "nobody@example.org")
        with pytest.raises(SignInBusyError):
            await world.prove(ada)
    failures = world.database.rows.password_failures
    assert [known.failures for _, known in sorted(failures.items())] == [1, 0]


async def test_where_there_is_no_password_nothing_is_closed(world: World) -> None:
    ada = (await world.ada()).profile.id
    user = world.database.rows.users[ada]
    world.database.rows.users[ada] = user.with_password(None, world.clock())
    await guess(world, STRANGERS + 1)
    assert told(world) == []
    assert world.database.rows.password_failures == {}


async def test_who_closed_it_and_never_heard_the_answer_is_told_of_all_the_same(
    world: World,
) -> None:
    await world.ada()
    await guess(world, STRANGERS - 1)

    def vanish() -> None:
        raise ConnectionResetError

    world.hasher.meanwhile = vanish
    with pytest.raises(ConnectionResetError):
        await world.sign_in(WRONG)
    assert told(world) == []
    world.hasher.meanwhile = lambda: None
    with pytest.raises(InvalidCredentialsError):
        await world.sign_in()
    assert told(world) == ["other devices"]
