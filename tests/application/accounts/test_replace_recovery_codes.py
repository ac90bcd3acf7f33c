"""New recovery codes."""

import pytest

from application.accounts.set_up_totp import TotpRequest
from domain.accounts.errors import InvalidSecondFactorError, TotpNotEnabledError
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_the_old_ones_are_void(world: World) -> None:
    ada = await world.ada()
    old = await world.with_totp(ada)
    command = TotpRequest(actor=ada.profile.id, origin=ORIGIN)
    new = await world.replace_recovery_codes(command)
    with pytest.raises(InvalidSecondFactorError):
        await world.sign_in(recovery_code=old[0])
    await world.sign_in(recovery_code=new[0])


async def test_there_must_be_a_second_factor(world: World) -> None:
    ada = await world.ada()
    with pytest.raises(TotpNotEnabledError):
        await world.replace_recovery_codes(TotpRequest(actor=ada.profile.id, origin=ORIGIN))
