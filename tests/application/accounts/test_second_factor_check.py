"""The second factor at sign-in."""

from datetime import timedelta

import pytest

from domain.accounts.errors import (
    InvalidCredentialsError,
    InvalidSecondFactorError,
    TooManyAttemptsError,
    TotpRequiredError,
)
from domain.shared.mail import MailKind
from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_it_is_asked_for_only_after_the_right_password(world: World) -> None:
    await world.with_totp(await world.ada())
    with pytest.raises(InvalidCredentialsError):
        await world.sign_in("not the password at all")
    with pytest.raises(TotpRequiredError):
        await world.sign_in()


async def test_a_code_works_once(world: World) -> None:
    await world.with_totp(await world.ada())
    code = world.codes.code(world.clock())
    await world.sign_in(totp_code=code)
    with pytest.raises(InvalidSecondFactorError, match="was used already"):
        await world.sign_in(totp_code=code)


async def test_that_a_code_was_used_is_told_to_those_alone_who_know_the_password(
    world: World,
) -> None:
    await world.with_totp(await world.ada())
    code = world.codes.code(world.clock())
    await world.sign_in(totp_code=code)
    refusals = []
    for given in (code, "000000"):
        with pytest.raises(InvalidCredentialsError) as refusal:
            await world.sign_in("not the password at all", totp_code=given)
        refusals.append(refusal.value.detail)
    assert refusals[0] == refusals[1]
    with pytest.raises(InvalidSecondFactorError) as wrong:
        await world.sign_in(totp_code="000000")
    assert "used" not in wrong.value.detail


async def test_no_earlier_code_works_after_a_later_one(world: World) -> None:
    await world.with_totp(await world.ada())
    earlier = world.codes.code(world.clock())
    world.clock.advance(timedelta(seconds=30))
    await world.sign_in(totp_code=world.codes.code(world.clock()))
    with pytest.raises(InvalidSecondFactorError):
        await world.sign_in(totp_code=earlier)


async def test_a_recovery_code_works_once_and_its_owner_hears_of_it(world: World) -> None:
    codes = await world.with_totp(await world.ada())
    await world.sign_in(recovery_code=codes[3])
    with pytest.raises(InvalidSecondFactorError):
        await world.sign_in(recovery_code=codes[3])
    mail = world.database.rows.mails[-1]
    assert (mail.kind, mail.values) == (MailKind.RECOVERY_CODE_USED, {"remaining": "9"})


async def test_codes_cannot_be_guessed_and_the_owner_is_told_once_a_day(world: World) -> None:
    await world.with_totp(await world.ada())
    world.clock.advance(timedelta(hours=1))
    for _ in range(19):  # one more switched it on
        with pytest.raises(InvalidSecondFactorError):
            await world.sign_in(totp_code="000000")
        world.clock.advance(timedelta(minutes=16))
    for _ in range(3):
        with pytest.raises(TooManyAttemptsError):
            await world.sign_in(totp_code=world.codes.code(world.clock()))
        world.clock.advance(timedelta(minutes=16))
    assert world.mailed().count(MailKind.SECOND_FACTOR_LOCKED) == 1


async def test_twenty_guesses_a_day_are_all(world: World) -> None:
    await world.with_totp(await world.ada())
    world.clock.advance(timedelta(hours=1))
    refused = 0
    for _ in range(40):
        with pytest.raises((InvalidSecondFactorError, TooManyAttemptsError)) as caught:
            await world.sign_in(totp_code="000000")
        refused += caught.type is TooManyAttemptsError
        world.clock.advance(timedelta(minutes=10))
    assert refused >= 20
