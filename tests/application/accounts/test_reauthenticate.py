"""Proving again who one is."""

from datetime import timedelta

import pytest

from domain.accounts.errors import (
    FreshAuthenticationRequiredError,
    TooManyAttemptsError,
    TotpRequiredError,
    WrongPasswordError,
)
from tests.application.world import World

pytestmark = pytest.mark.anyio

LATER = timedelta(minutes=11)


async def test_a_session_is_fresh_for_ten_minutes(world: World) -> None:
    ada = await world.ada()
    (ada,) = await world.later(timedelta(minutes=10), ada)
    await world.principal(ada, "setUpTotp")
    world.clock.advance(timedelta(seconds=1))
    with pytest.raises(FreshAuthenticationRequiredError):
        await world.principal(ada, "setUpTotp")
    await world.principal(ada, "getProfile")


async def test_a_proof_makes_it_fresh_again_and_no_other_session(world: World) -> None:
    ada, other = await world.ada(), await world.sign_in()
    ada, other = await world.later(LATER, ada, other)
    await world.prove(ada)
    await world.principal(ada, "setUpTotp")
    with pytest.raises(FreshAuthenticationRequiredError):
        await world.principal(other, "setUpTotp")


async def test_a_wrong_password_proves_nothing(world: World) -> None:
    (ada,) = await world.later(LATER, await world.ada())
    with pytest.raises(WrongPasswordError):
        await world.prove(ada, "not the password at all")
    with pytest.raises(FreshAuthenticationRequiredError):
        await world.principal(ada, "setUpTotp")


async def test_the_second_factor_is_part_of_the_proof(world: World) -> None:
    ada = await world.ada()
    await world.with_totp(ada)
    with pytest.raises(TotpRequiredError):
        await world.prove(ada)
    await world.prove(ada, totp_code=world.codes.code(world.clock()))


async def test_passwords_cannot_be_guessed(world: World) -> None:
    ada = await world.ada()
    for _ in range(5):
        with pytest.raises(WrongPasswordError):
            await world.prove(ada, "not the password at all")
    with pytest.raises(TooManyAttemptsError):
        await world.prove(ada)
