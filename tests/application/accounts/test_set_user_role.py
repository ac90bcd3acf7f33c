"""Giving somebody another role."""

from uuid import uuid4

import pytest

from domain.accounts.errors import (
    AuthenticationRequiredError,
    LastAdministratorError,
    NotPermittedError,
    UserNotFoundError,
)
from domain.accounts.role import Role
from domain.shared.ids import UserId
from domain.shared.mail import MailKind
from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_the_person_signs_in_anew_with_the_new_role(world: World) -> None:
    root, ada = await world.an_admin(), await world.ada()
    await world.give_role(root, ada.profile.id, Role.CURATOR)
    with pytest.raises(AuthenticationRequiredError):
        await world.principal(ada)
    assert (await world.principal(await world.sign_in())).role is Role.CURATOR
    assert world.mailed()[-1] is MailKind.ROLE_CHANGED


async def test_the_same_role_again_changes_nothing(world: World) -> None:
    root, ada = await world.an_admin(), await world.ada()
    await world.give_role(root, ada.profile.id, Role.MEMBER)
    await world.principal(ada)


async def test_one_administrator_always_remains(world: World) -> None:
    root, ada = await world.an_admin(), await world.ada()
    with pytest.raises(LastAdministratorError):
        await world.give_role(root, root.profile.id, Role.MEMBER)
    await world.give_role(root, ada.profile.id, Role.ADMIN)
    await world.give_role(root, root.profile.id, Role.MEMBER)


async def test_nobody_else_can_do_it_whatever_let_them_through(world: World) -> None:
    await world.an_admin()
    ada = await world.ada()
    with pytest.raises(NotPermittedError):
        await world.give_role(ada, ada.profile.id, Role.ADMIN)


async def test_there_must_be_such_a_person(world: World) -> None:
    with pytest.raises(UserNotFoundError):
        await world.give_role(await world.an_admin(), UserId(uuid4()), Role.CURATOR)
