"""Asking for one's account to be erased."""

from datetime import timedelta

import pytest

from application.privacy.export_user_data import DataRequest
from domain.accounts.errors import LastAdministratorError
from domain.accounts.role import Role
from domain.privacy.errors import OnlyAdministratorError
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


async def test_the_only_administrator_makes_somebody_else_one_first(world: World) -> None:
    root, ada = await world.an_admin(), await world.ada()
    leaving = DataRequest(actor=root.profile.id, origin=ORIGIN)
    with pytest.raises(OnlyAdministratorError):
        await world.request_deletion(leaving)
    await world.give_role(root, ada.profile.id, Role.ADMIN)
    await world.request_deletion(leaving)
    with pytest.raises(OnlyAdministratorError):
        await world.request_deletion(DataRequest(actor=ada.profile.id, origin=ORIGIN))


async def test_whoever_is_left_by_a_leaving_administrator_keeps_the_role(world: World) -> None:
    root, ada = await world.an_admin(), await world.ada()
    await world.give_role(root, ada.profile.id, Role.ADMIN)
    await world.request_deletion(DataRequest(actor=root.profile.id, origin=ORIGIN))
    ada = await world.sign_in()
    with pytest.raises(LastAdministratorError):
        await world.give_role(ada, ada.profile.id, Role.MEMBER)
