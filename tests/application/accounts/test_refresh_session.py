"""Refreshing a session."""

from datetime import timedelta

import pytest

from domain.accounts.errors import AuthenticationRequiredError, InvalidRefreshTokenError
from domain.shared.mail import MailKind
from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_a_token_gives_the_next_pair_of_the_same_session(world: World) -> None:
    first = await world.ada()
    second = await world.refresh(first.refresh_token)
    assert second.refresh_token != first.refresh_token
    assert await world.principal(second) == await world.principal(first)


async def test_a_lost_answer_is_given_again(world: World) -> None:
    first = await world.ada()
    second = await world.refresh(first.refresh_token)
    again = await world.refresh(first.refresh_token)
    assert again.refresh_token == second.refresh_token
    assert (await world.refresh(again.refresh_token)).profile == first.profile


@pytest.mark.parametrize("keys", [["*", "+"], ["*", "!", "+"]])
async def test_a_lost_answer_is_given_again_although_the_keys_have_rotated(
    world: World, keys: list[str]
) -> None:
    first = await world.ada()
    second = await world.refresh(first.refresh_token)
    world.refresh_tokens.keys = keys
    again = await world.refresh(first.refresh_token)
    assert again.refresh_token == second.refresh_token
    third = await world.refresh(again.refresh_token)
    assert third.refresh_token.endswith("*"), "what is new is under the new key"


async def test_a_rotation_forgives_no_token_that_comes_back_later(world: World) -> None:
    first = await world.ada()
    await world.refresh(first.refresh_token)
    world.refresh_tokens.keys = ["*", "+"]
    world.clock.advance(timedelta(seconds=11))
    with pytest.raises(InvalidRefreshTokenError):
        await world.refresh(first.refresh_token)


async def test_a_token_that_comes_back_later_ends_the_session(world: World) -> None:
    first = await world.ada()
    second = await world.refresh(first.refresh_token)
    world.clock.advance(timedelta(seconds=11))
    with pytest.raises(InvalidRefreshTokenError):
        await world.refresh(first.refresh_token)
    with pytest.raises(InvalidRefreshTokenError):
        await world.refresh(second.refresh_token)
    with pytest.raises(AuthenticationRequiredError):
        await world.principal(second)
    assert world.database.rows.events[-1].type == "accounts.session_revoked.v1"


async def test_an_older_generation_ends_the_session_at_once(world: World) -> None:
    first = await world.ada()
    second = await world.refresh(first.refresh_token)
    third = await world.refresh(second.refresh_token)
    with pytest.raises(InvalidRefreshTokenError):
        await world.refresh(first.refresh_token)
    with pytest.raises(InvalidRefreshTokenError):
        await world.refresh(third.refresh_token)


async def test_an_expired_token_is_refused(world: World) -> None:
    first = await world.ada()
    world.clock.advance(timedelta(days=15))
    with pytest.raises(InvalidRefreshTokenError):
        await world.refresh(first.refresh_token)


async def test_a_session_ends_after_ninety_days_however_often_it_is_refreshed(
    world: World,
) -> None:
    newest = await world.ada()
    for _ in range(9):
        world.clock.advance(timedelta(days=9, hours=23))
        newest = await world.refresh(newest.refresh_token)
    world.clock.advance(timedelta(days=1))
    with pytest.raises(InvalidRefreshTokenError):
        await world.refresh(newest.refresh_token)


async def test_a_token_that_was_never_ours_changes_nothing(world: World) -> None:
    signed_in = await world.ada()
    events = list(world.database.rows.events)
    with pytest.raises(InvalidRefreshTokenError):
        await world.refresh("never-ours")
    assert world.database.rows.events == events
    assert (await world.principal(signed_in)).user_id == signed_in.profile.id


async def test_whose_token_came_back_is_told_once(world: World) -> None:
    first = await world.ada()
    await world.refresh(first.refresh_token)
    world.clock.advance(timedelta(seconds=11))
    for _ in range(2):
        with pytest.raises(InvalidRefreshTokenError):
            await world.refresh(first.refresh_token)
    assert len(world.mail.to("ada@example.org", MailKind.SESSION_STOLEN)) == 1
