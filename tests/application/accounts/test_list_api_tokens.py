"""Reading one's API tokens."""

from datetime import timedelta

import pytest

from application.accounts.revoke_api_token import ApiTokenToRevoke
from domain.accounts.api_token import ApiTokenState
from domain.accounts.api_token_text import ApiTokenText
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_each_says_whether_it_can_be_used(world: World) -> None:
    actor = (await world.ada()).profile.id
    revoked = await world.api_token(actor)
    await world.api_token(actor, days=1)
    world.clock.advance(timedelta(days=1))
    active = await world.api_token(actor)
    await world.revoke_api_token(
        ApiTokenToRevoke(actor=actor, token_id=revoked.token.id, origin=ORIGIN)
    )
    listed = await world.list_api_tokens(actor)
    assert {each.state for each in listed} == set(ApiTokenState)
    assert listed[0].token.id == active.token.id, "the newest first"
    for issued in (revoked, active):
        assert ApiTokenText.parse(issued.text).secret not in repr(listed)


async def test_nobody_sees_those_of_others(world: World) -> None:
    ada, eve = (await world.ada()).profile.id, (await world.ada("eve@example.org")).profile.id
    await world.api_token(ada)
    assert await world.list_api_tokens(eve) == []


async def test_ended_ones_do_not_pile_up(world: World) -> None:
    actor = (await world.ada()).profile.id
    for _ in range(60):
        world.clock.advance(timedelta(minutes=1))
        token_id = (await world.api_token(actor)).token.id
        await world.revoke_api_token(
            ApiTokenToRevoke(actor=actor, token_id=token_id, origin=ORIGIN)
        )
    assert len(await world.list_api_tokens(actor)) <= 21
