"""Signing in."""

import asyncio
from datetime import timedelta

import pytest

from application.accounts.log_in import Credentials
from domain.accounts.errors import (
    InvalidCredentialsError,
    SignInBusyError,
    TooManyAttemptsError,
)
from domain.shared.audit_record import Outcome
from tests.application.world import ORIGIN, PASSWORD, World

pytestmark = pytest.mark.anyio


async def test_the_right_password_starts_a_session_of_its_own(world: World) -> None:
    first = await world.principal(await world.ada())
    second = await world.principal(await world.sign_in())
    assert second.user_id == first.user_id
    assert second.session_id != first.session_id


async def test_a_wrong_password_and_an_unknown_address_cannot_be_told_apart(world: World) -> None:
    await world.ada()
    refusals = []
    for email in ("ada@example.org", "nobody@example.org"):
        with pytest.raises(InvalidCredentialsError) as refusal:
            await world.sign_in("another password entirely", email)
        refusals.append((refusal.value.detail, refusal.value.errors))
    assert refusals[0] == refusals[1]
    assert len(world.hasher.verified) == 2, "both must cost a verification"
    assert world.hasher.verified[1] is None


async def test_a_refusal_is_recorded_in_the_account_that_was_tried(world: World) -> None:
    ada = (await world.ada()).profile.id
    with pytest.raises(InvalidCredentialsError):
        await world.sign_in("another password entirely")
    record = world.database.rows.audit[-1]
    assert (record.action, record.outcome) == ("accounts.sign_in_refused.v1", Outcome.REFUSED)
    assert (record.user_id, record.resource_id) == (ada, str(ada))
    assert record.origin == ORIGIN


async def test_a_refusal_of_an_unknown_address_is_recorded_without_the_address(
    world: World,
) -> None:
    for email in ("nobody@example.org", "NOBODY@example.org", "somebody@example.org"):
        with pytest.raises(InvalidCredentialsError):
            await world.sign_in(PASSWORD, email)
    records = world.database.rows.audit
    assert [(r.user_id, r.resource_type) for r in records] == [(None, "unknown_email")] * 3
    assert records[0].resource_id == records[1].resource_id != records[2].resource_id
    assert "body@" not in repr(records)


async def test_a_password_that_changed_during_the_check_is_recorded_as_a_refusal(
    world: World,
) -> None:
    ada = (await world.ada()).profile.id
    user = world.database.rows.users[ada]

    def change() -> None:
        world.database.rows.users[ada] = user.rehashed("fake$2$another", world.clock())

    world.hasher.meanwhile = change
    with pytest.raises(InvalidCredentialsError):
        await world.sign_in()
    assert world.database.rows.audit[-1].outcome is Outcome.REFUSED


async def test_a_flood_leaves_a_bounded_number_of_records(world: World) -> None:
    await world.ada()
    before = len(world.database.rows.audit)
    for _ in range(50):
        with pytest.raises((InvalidCredentialsError, TooManyAttemptsError)):
            await world.sign_in("another password entirely")
    assert len(world.database.rows.audit) == before + 5
    for number in range(150):
        if number % 15 == 0:  # as many as one network may try in a minute
            world.clock.advance(timedelta(minutes=1))
        with pytest.raises(InvalidCredentialsError):
            await world.sign_in(PASSWORD, f"nobody-{number}@example.org")
    assert len(world.database.rows.audit) == before + 100
    world.clock.advance(timedelta(minutes=16))
    with pytest.raises(InvalidCredentialsError):
        await world.sign_in("another password entirely")
    assert len(world.database.rows.audit) == before + 101, "accounts are recorded all the same"


async def test_a_password_may_be_typed_in_another_unicode_form(world: World) -> None:
    await world.ada()
    full_width = "".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in PASSWORD)
    signed_in = await world.sign_in(full_width)
    assert signed_in.profile.email == "ada@example.org"


async def test_a_hash_of_old_parameters_is_renewed_once(world: World) -> None:
    user_id = (await world.ada()).profile.id
    world.hasher.strength = 2
    await world.sign_in()
    renewed = world.database.rows.users[user_id].password_hash
    assert renewed is not None
    assert renewed.startswith("fake$2$")
    await world.sign_in()
    assert world.database.rows.users[user_id].password_hash == renewed


async def test_the_sixth_wrong_attempt_in_a_minute_is_not_verified(world: World) -> None:
    await world.ada()
    for _ in range(5):
        with pytest.raises(InvalidCredentialsError):
            await world.sign_in("another password entirely")
    with pytest.raises(TooManyAttemptsError):
        await world.sign_in(PASSWORD, "ADA@example.org")
    assert len(world.hasher.verified) == 5
    world.clock.advance(timedelta(minutes=15))
    await world.sign_in()


async def test_the_lock_opens_a_quarter_of_an_hour_after_the_fifth_failure(world: World) -> None:
    await world.ada()
    for minutes in (3, 3, 3, 3, 14):
        with pytest.raises(InvalidCredentialsError):
            await world.sign_in("another password entirely")
        world.clock.advance(timedelta(minutes=minutes))
    with pytest.raises(TooManyAttemptsError) as refusal:
        await world.sign_in()
    assert refusal.value.retry_after == 60
    world.clock.advance(timedelta(minutes=1))
    await world.sign_in()


async def test_attempts_are_counted_before_the_password_is_looked_at(world: World) -> None:
    await world.ada()
    outcomes = await asyncio.gather(
        *(world.sign_in("another password entirely", address=f"192.0.2.{n}") for n in range(200)),
        return_exceptions=True,
    )
    assert len(world.hasher.verified) == 5
    assert sum(isinstance(outcome, TooManyAttemptsError) for outcome in outcomes) == 195


async def test_an_attempt_that_found_no_place_is_not_held_against_the_account(
    world: World,
) -> None:
    device = (await world.ada()).device
    world.hasher.busy = True
    for number in range(30):
        with pytest.raises(SignInBusyError):
            await world.sign_in(address=f"192.0.2.{number}")
        with pytest.raises(SignInBusyError):
            await world.sign_in(device=device)
    world.hasher.busy = False
    await world.sign_in(device=device)
    await world.sign_in()


async def test_a_network_that_keeps_us_busy_is_held_to_its_limit_all_the_same(
    world: World,
) -> None:
    world.hasher.busy = True
    for number in range(20):
        with pytest.raises(SignInBusyError):
            await world.sign_in(email=f"{number}@example.org")
    with pytest.raises(TooManyAttemptsError):
        await world.sign_in(email="another@example.org")


ONE_HOUSEHOLD = [
    [f"2001:db8:1:2::{n:x}" for n in range(1, 100)],
    ["192.0.2.7"] * 50 + ["::ffff:192.0.2.7"] * 49,
    [None] * 99,
]


@pytest.mark.parametrize("addresses", ONE_HOUSEHOLD, ids=["/64", "mapped", "unknown"])
async def test_one_network_gets_twenty_passwords_checked_in_a_minute(
    world: World, addresses: list[str | None]
) -> None:
    for number, address in enumerate(addresses):
        with pytest.raises((InvalidCredentialsError, TooManyAttemptsError)):
            await world.sign_in("wrong wrong wrong", f"{number}@example.org", address=address)
    assert len(world.hasher.verified) == 20
    with pytest.raises(InvalidCredentialsError):
        await world.sign_in("wrong wrong wrong", "x@example.org", address="2001:db8:1:3::1")


async def test_signing_in_to_an_account_of_ones_own_does_not_clear_the_network(
    world: World,
) -> None:
    await world.ada()
    for number in range(10):
        await world.sign_in()
        with pytest.raises(InvalidCredentialsError):
            await world.sign_in("wrong wrong wrong", f"{number}@example.org")
    with pytest.raises(TooManyAttemptsError):
        await world.sign_in()


async def test_nobody_locks_out_a_device_that_has_signed_in_before(world: World) -> None:
    registered = await world.ada()
    signed_in = await world.sign_in()
    for number in range(1_000):
        with pytest.raises((InvalidCredentialsError, TooManyAttemptsError)):
            await world.sign_in(
                "wrong wrong wrong", address=f"198.51.{number // 250}.{number % 250}"
            )
    assert len(world.hasher.verified) == 1 + 5
    with pytest.raises(TooManyAttemptsError):
        await world.sign_in()
    for device in (registered.device, signed_in.device):
        # Not even from the attacker's own network.
        assert (await world.sign_in(device=device, address="198.51.0.1")).device == device
        await world.sign_in()  # a right password forgives what strangers have tried
        for _ in range(5):
            with pytest.raises(InvalidCredentialsError):
                await world.sign_in("wrong wrong wrong", address="203.0.113.9")


async def test_a_known_device_has_five_attempts_of_its_own_and_no_more(world: World) -> None:
    device = (await world.ada()).device
    for _ in range(5):
        with pytest.raises(InvalidCredentialsError):
            await world.sign_in("another password entirely", device=device)
    with pytest.raises(TooManyAttemptsError):
        await world.sign_in(device=device)
    assert len(world.hasher.verified) == 5
    # It has not used up what strangers have: they could be the owner elsewhere.
    await world.sign_in(address="203.0.113.9")


async def test_a_device_is_known_to_the_account_that_it_signed_in_to(world: World) -> None:
    await world.ada()
    eve = await world.ada("eve@example.org")
    for _ in range(5):
        with pytest.raises(InvalidCredentialsError):
            await world.sign_in("another password entirely", device=eve.device)
    with pytest.raises(TooManyAttemptsError):
        await world.sign_in(device=eve.device)


def test_neither_password_nor_device_is_in_the_repr_of_an_attempt() -> None:
    attempt = Credentials(email="a@b.c", password=PASSWORD, origin=ORIGIN, device="canary")
    assert PASSWORD not in repr(attempt)
    assert "canary" not in repr(attempt)


async def test_the_right_password_forgives_the_wrong_ones(world: World) -> None:
    await world.ada()
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(InvalidCredentialsError):
                await world.sign_in("another password entirely")
        await world.sign_in()
