"""Opening an account."""

import pytest

from application.accounts.register_user import Registration
from domain.accounts.errors import EmailAlreadyRegisteredError, TooManyAttemptsError
from domain.shared.errors import InvalidInputError
from tests.application.world import ORIGIN, PASSWORD, World

pytestmark = pytest.mark.anyio


async def test_a_new_user_is_signed_in(world: World) -> None:
    signed_in = await world.ada()
    assert (await world.principal(signed_in)).user_id == signed_in.profile.id
    assert signed_in.expires_in == 600


async def test_the_password_is_kept_as_a_hash_only(world: World) -> None:
    signed_in = await world.ada()
    kept = world.database.rows.users[signed_in.profile.id].password_hash
    assert kept is not None
    assert kept.startswith("fake$1$")


async def test_it_is_told_and_recorded(world: World) -> None:
    await world.ada()
    told = [event.type for event in world.database.rows.events]
    assert told == ["accounts.user_registered.v1", "accounts.session_opened.v1"]
    assert [record.action for record in world.database.rows.audit] == told
    assert world.database.rows.audit[0].origin == ORIGIN


async def test_an_address_is_taken_in_any_spelling(world: World) -> None:
    await world.ada("ada@example.org")
    with pytest.raises(EmailAlreadyRegisteredError):
        await world.ada("Ada@EXAMPLE.org")
    assert len(world.database.rows.users) == 1


@pytest.mark.parametrize("password", ["short", "correcthorsebattery", "ada@example.org"])
async def test_a_weak_password_changes_nothing(world: World, password: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        await world.register_user(
            Registration(email="ada@example.org", password=password, origin=ORIGIN)
        )
    assert refusal.value.errors[0].field == "password"
    assert not world.database.rows.users


async def test_one_address_opens_only_so_many_accounts(world: World) -> None:
    for number in range(3):
        await world.ada(f"ada{number}@example.org")
    with pytest.raises(TooManyAttemptsError) as refusal:
        await world.ada("ada3@example.org")
    assert refusal.value.retry_after == 3600


async def test_nothing_is_kept_when_the_session_cannot_be_opened(world: World) -> None:
    world.hasher.busy = True
    with pytest.raises(Exception, match="moment"):
        await world.register_user(
            Registration(email="ada@example.org", password=PASSWORD, origin=ORIGIN)
        )
    assert not world.database.rows.users
