"""Switching the second factor off."""

import pytest

from application.accounts.set_up_totp import TotpRequest
from domain.accounts.errors import TotpNotEnabledError
from domain.shared.mail import MailKind
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_the_password_is_enough_again_and_the_codes_are_void(world: World) -> None:
    ada = await world.ada()
    await world.with_totp(ada)
    await world.disable_totp(TotpRequest(actor=ada.profile.id, origin=ORIGIN))
    await world.sign_in()
    assert world.database.rows.recovery_codes == {}
    assert world.mailed()[-1] is MailKind.TOTP_DISABLED


async def test_there_must_be_one(world: World) -> None:
    ada = await world.ada()
    with pytest.raises(TotpNotEnabledError):
        await world.disable_totp(TotpRequest(actor=ada.profile.id, origin=ORIGIN))
