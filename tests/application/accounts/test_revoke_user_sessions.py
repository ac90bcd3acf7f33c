"""Signing somebody out."""

from uuid import uuid4

import pytest

from application.accounts.revoke_user_sessions import UserToSignOut
from domain.accounts.errors import (
    AuthenticationRequiredError,
    NotPermittedError,
    UserNotFoundError,
)
from domain.shared.ids import UserId
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_their_tokens_stop_working(world: World) -> None:
    root, ada = await world.an_admin(), await world.ada()
    command = UserToSignOut(actor=root.profile.id, user_id=ada.profile.id, origin=ORIGIN)
    assert await world.revoke_user_sessions(command) == 1
    with pytest.raises(AuthenticationRequiredError):
        await world.principal(ada)


async def test_it_is_for_administrators_and_for_people_who_exist(world: World) -> None:
    root, ada = await world.an_admin(), await world.ada()
    with pytest.raises(NotPermittedError):
        await world.revoke_user_sessions(
            UserToSignOut(actor=ada.profile.id, user_id=root.profile.id, origin=ORIGIN)
        )
    with pytest.raises(UserNotFoundError):
        await world.revoke_user_sessions(
            UserToSignOut(actor=root.profile.id, user_id=UserId(uuid4()), origin=ORIGIN)
        )
