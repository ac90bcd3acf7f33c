"""Beginning to use a second factor."""

import pytest

from application.accounts.set_up_totp import TotpRequest
from domain.accounts.errors import TotpEnabledError
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_the_secret_is_answered_in_three_ways_and_kept_sealed(world: World) -> None:
    ada = await world.ada()
    enrolment = await world.set_up_totp(TotpRequest(actor=ada.profile.id, origin=ORIGIN))
    assert enrolment.secret in enrolment.uri
    assert enrolment.uri in enrolment.picture
    sealed = world.database.rows.totp[ada.profile.id].totp.secret_sealed
    assert sealed.startswith(f"user_totp/{ada.profile.id}/secret|".encode())
    assert enrolment.secret not in repr(enrolment)


async def test_it_does_not_count_before_its_first_code(world: World) -> None:
    ada = await world.ada()
    await world.set_up_totp(TotpRequest(actor=ada.profile.id, origin=ORIGIN))
    await world.sign_in()


async def test_a_factor_that_counts_is_not_replaced(world: World) -> None:
    ada = await world.ada()
    await world.with_totp(ada)
    with pytest.raises(TotpEnabledError):
        await world.set_up_totp(TotpRequest(actor=ada.profile.id, origin=ORIGIN))
