"""Asking for one's account to be erased."""

from datetime import timedelta

import pytest

from application.privacy.export_user_data import DataRequest
from domain.shared.mail import MailKind
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_it_is_due_in_seven_days_and_told_once(world: World) -> None:
    ada = await world.ada()
    command = DataRequest(actor=ada.profile.id, origin=ORIGIN)
    first = await world.request_deletion(command)
    assert first.due_at == world.clock() + timedelta(days=7)
    world.clock.advance(timedelta(days=1))
    assert await world.request_deletion(command) == first
    assert world.mailed() == [MailKind.DELETION_SCHEDULED]
    await world.sign_in()
