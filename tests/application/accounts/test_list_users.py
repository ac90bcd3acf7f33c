"""Accounts, as administrators see them."""

import pytest

from application.accounts.list_users import ACTION, UserSearch
from domain.shared.ids import UserId
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def found(world: World, actor: UserId, prefix: str) -> list[str]:
    """The addresses that an administrator sees."""
    search = UserSearch(actor=actor, email_prefix=prefix, origin=ORIGIN)
    return [user.email for user in await world.list_users(search)]


async def test_they_are_found_by_how_their_address_starts(world: World) -> None:
    ada = (await world.ada()).profile.id
    await world.ada("Eve@example.org")
    assert await found(world, ada, "") == ["Eve@example.org", "ada@example.org"]
    assert await found(world, ada, "EVE") == ["Eve@example.org"]


async def test_that_somebody_looked_is_kept(world: World) -> None:
    ada = (await world.ada()).profile.id
    await found(world, ada, "e")
    (look,) = [r for r in world.database.rows.audit if r.action == ACTION]
    assert (look.user_id, look.resource_type, look.origin) == (ada, "users", ORIGIN)
