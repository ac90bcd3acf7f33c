"""Signing in."""

from datetime import timedelta

import pytest

from domain.accounts.errors import InvalidCredentialsError, TooManyAttemptsError
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
        with pytest.raises(InvalidCredentialsError):
            await world.sign_in(PASSWORD, f"nobody-{number}@example.org")
    assert len(world.database.rows.audit) == before + 100
    world.clock.advance(timedelta(minutes=1))
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
    world.clock.advance(timedelta(minutes=1))
    await world.sign_in()


async def test_the_right_password_forgives_the_wrong_ones(world: World) -> None:
    await world.ada()
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(InvalidCredentialsError):
                await world.sign_in("another password entirely")
        await world.sign_in()
