"""Becoming an administrator."""

from datetime import timedelta

import pytest

from application.accounts.claim_administration import AdminClaim
from application.accounts.issue_admin_code import LIFETIME
from domain.accounts.errors import InvalidAdminCodeError, NotPermittedError
from domain.accounts.role import Role
from domain.shared.mail import MailKind
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_a_code_works_once(world: World) -> None:
    ada, eve = await world.ada(), await world.ada("eve@example.org")
    code = await world.issue_admin_code()
    profile = await world.claim_administration(
        AdminClaim(actor=ada.profile.id, code=code, origin=ORIGIN)
    )
    assert profile.role is Role.ADMIN
    assert world.mailed() == [MailKind.ROLE_CHANGED]
    with pytest.raises(InvalidAdminCodeError):
        await world.claim_administration(AdminClaim(actor=eve.profile.id, code=code, origin=ORIGIN))
    await world.principal(ada, "listUsers")
    with pytest.raises(NotPermittedError):
        await world.principal(eve, "listUsers")


async def test_a_code_expires(world: World) -> None:
    ada, code = await world.ada(), await world.issue_admin_code()
    world.clock.advance(LIFETIME + timedelta(seconds=1))
    with pytest.raises(InvalidAdminCodeError):
        await world.claim_administration(AdminClaim(actor=ada.profile.id, code=code, origin=ORIGIN))
