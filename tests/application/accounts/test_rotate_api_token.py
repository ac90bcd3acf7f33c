"""Giving API tokens other secrets."""

from datetime import timedelta

import pytest

from application.accounts.api_tokens import IssuedApiToken
from application.accounts.rotate_api_token import ApiTokenToRotate
from domain.accounts.api_token_text import ApiTokenText
from domain.accounts.errors import (
    ApiTokenNotFoundError,
    ApiTokenRotationUnderWayError,
    AuthenticationRequiredError,
)
from domain.shared.errors import InvalidInputError
from domain.shared.ids import UserId
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def rotate(
    world: World, actor: UserId, issued: IssuedApiToken, hours: int = 24
) -> IssuedApiToken:
    """Another secret for the same token."""
    return await world.rotate_api_token(
        ApiTokenToRotate(actor=actor, token_id=issued.token.id, overlap_hours=hours, origin=ORIGIN)
    )


async def works(world: World, issued: IssuedApiToken) -> bool:
    """Whether its text opens anything."""
    try:
        return (await world.integrator(issued.text)).token_id == issued.token.id
    except AuthenticationRequiredError:
        return False


async def test_both_secrets_work_until_the_overlap_ends(world: World) -> None:
    actor = (await world.ada()).profile.id
    old = await world.api_token(actor)
    new = await rotate(world, actor, old, hours=3)
    assert new.token.previous_expires_at == world.clock() + timedelta(hours=3)
    assert await works(world, old)
    assert await works(world, new)
    world.clock.advance(timedelta(hours=3, microseconds=-1))
    assert await works(world, old)
    world.clock.advance(timedelta(microseconds=1))
    assert not await works(world, old)
    assert await works(world, new)


async def test_without_overlap_the_old_secret_ends_at_once(world: World) -> None:
    actor = (await world.ada()).profile.id
    old = await world.api_token(actor)
    new = await rotate(world, actor, old, hours=0)
    assert not await works(world, old)
    assert await works(world, new)
    assert new.token.previous_expires_at is None


async def test_a_second_rotation_cuts_nobody_off_unseen(world: World) -> None:
    actor = (await world.ada()).profile.id
    first = await world.api_token(actor)
    second = await rotate(world, actor, first)
    with pytest.raises(ApiTokenRotationUnderWayError):
        await rotate(world, actor, first)
    assert await works(world, first)
    assert await works(world, second)
    third = await rotate(world, actor, first, hours=0)
    assert [await works(world, each) for each in (first, second, third)] == [False, False, True]
    fourth = await rotate(world, actor, first)
    assert [await works(world, each) for each in (third, fourth)] == [True, True]


async def test_the_new_secret_works_as_long_as_the_token_was_made_for(world: World) -> None:
    actor = (await world.ada()).profile.id
    issued = await world.api_token(actor, days=30)
    for _ in range(3):
        world.clock.advance(timedelta(days=29))
        issued = await rotate(world, actor, issued)
        assert issued.token.expires_at == world.clock() + timedelta(days=30)
    world.clock.advance(timedelta(days=30))
    assert not await works(world, issued)


async def test_the_old_secret_never_outlives_its_own_time(world: World) -> None:
    actor = (await world.ada()).profile.id
    old = await world.api_token(actor, days=1)
    world.clock.advance(timedelta(hours=23))
    new = await rotate(world, actor, old)
    assert new.token.previous_expires_at == world.clock() + timedelta(hours=1)
    world.clock.advance(timedelta(hours=1))
    assert not await works(world, old)
    assert await works(world, new)


async def test_somebody_elses_and_an_ended_one_are_not_found(world: World) -> None:
    ada, eve = (await world.ada()).profile.id, (await world.ada("eve@example.org")).profile.id
    issued = await world.api_token(ada, days=1)
    with pytest.raises(ApiTokenNotFoundError):
        await rotate(world, eve, issued)
    assert await works(world, issued)
    world.clock.advance(timedelta(days=1))
    with pytest.raises(ApiTokenNotFoundError):
        await rotate(world, ada, issued)


@pytest.mark.parametrize("hours", [-1, 25])
async def test_an_overlap_lasts_a_day_at_most(world: World, hours: int) -> None:
    actor = (await world.ada()).profile.id
    issued = await world.api_token(actor)
    with pytest.raises(InvalidInputError) as refusal:
        await rotate(world, actor, issued, hours=hours)
    assert refusal.value.errors[0].field == "overlap_hours"


async def test_it_is_told_and_recorded_without_the_secret(world: World) -> None:
    actor = (await world.ada()).profile.id
    new = await rotate(world, actor, await world.api_token(actor))
    assert world.database.rows.events[-1].type == "accounts.api_token_rotated.v1"
    assert ApiTokenText.parse(new.text).secret not in repr(world.database.rows)
