"""Switching the second factor on."""

from datetime import timedelta

import pytest

from application.accounts.set_up_totp import TotpRequest
from application.accounts.verify_totp import TotpProof
from domain.accounts.errors import (
    AuthenticationRequiredError,
    TooManyAttemptsError,
    TotpEnabledError,
    TotpNotPendingError,
    TotpRequiredError,
)
from domain.shared.errors import InvalidInputError
from domain.shared.mail import MailKind
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def a_proof(world: World, code: str | None = None) -> TotpProof:
    """Ada's, after she began."""
    ada = world.claims(await world.ada())
    await world.set_up_totp(TotpRequest(actor=ada.user_id, origin=ORIGIN))
    return TotpProof(
        actor=ada.user_id,
        session_id=ada.session_id,
        code=code or world.codes.code(world.clock()),
        origin=ORIGIN,
    )


async def test_it_counts_from_now_on_and_its_owner_hears_of_it(world: World) -> None:
    codes = await world.verify_totp(await a_proof(world))
    assert len(set(codes)) == 10
    with pytest.raises(TotpRequiredError):
        await world.sign_in()
    assert world.mailed() == [MailKind.TOTP_ENABLED]


async def test_the_code_that_switched_it_on_does_not_sign_in(world: World) -> None:
    proof = await a_proof(world)
    await world.verify_totp(proof)
    with pytest.raises(Exception, match="used already"):
        await world.sign_in(totp_code=proof.code)


async def test_every_other_session_ends(world: World) -> None:
    proof = await a_proof(world)
    other = await world.sign_in()
    await world.verify_totp(proof)
    with pytest.raises(AuthenticationRequiredError):
        await world.principal(other)


async def test_a_wrong_code_changes_nothing(world: World) -> None:
    with pytest.raises(InvalidInputError):
        await world.verify_totp(await a_proof(world, "000000"))
    await world.sign_in()


async def test_after_ten_minutes_it_has_to_begin_again(world: World) -> None:
    proof = await a_proof(world)
    world.clock.advance(timedelta(minutes=10, seconds=1))
    with pytest.raises(TotpNotPendingError):
        await world.verify_totp(proof)


async def test_it_is_switched_on_once(world: World) -> None:
    proof = await a_proof(world)
    await world.verify_totp(proof)
    with pytest.raises(TotpEnabledError):
        await world.verify_totp(proof)


async def test_codes_cannot_be_guessed(world: World) -> None:
    proof = await a_proof(world, "000000")
    for _ in range(5):
        with pytest.raises(InvalidInputError):
            await world.verify_totp(proof)
    with pytest.raises(TooManyAttemptsError):
        await world.verify_totp(proof)
