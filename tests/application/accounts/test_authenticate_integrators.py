"""Finding out which integrator asks."""

from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from domain.accounts.api_token_text import ApiTokenText, TokenEnvironment
from domain.accounts.errors import AuthenticationRequiredError, InsufficientScopeError
from domain.accounts.principal import Scope
from domain.accounts.role import Role
from domain.shared.ids import ApiTokenId
from tests.application.world import World

pytestmark = pytest.mark.anyio


async def refusal_of(world: World, text: str) -> tuple[str, str]:
    """What is answered to it."""
    with pytest.raises(AuthenticationRequiredError) as refusal:
        await world.integrator(text)
    return refusal.value.code, refusal.value.detail


async def test_a_token_stands_for_its_owner_with_its_scopes_and_limit(world: World) -> None:
    actor = (await world.ada()).profile.id
    issued = await world.api_token(actor, Scope.PROFILE_READ, most=30)
    principal = await world.integrator(issued.text)
    assert (principal.user_id, principal.token_id) == (actor, issued.token.id)
    assert principal.scopes == frozenset({Scope.PROFILE_READ})
    assert principal.requests_per_minute == 30
    assert principal.session_id is None
    assert principal.authenticated_at is None
    with pytest.raises(InsufficientScopeError):
        await world.integrator(issued.text, "listBlockedArtists")


async def test_the_role_is_the_one_that_the_owner_has_now(world: World) -> None:
    actor = (await world.ada()).profile.id
    issued = await world.api_token(actor)
    users = world.database.rows.users
    users[actor] = replace(users[actor], role=Role.CURATOR)
    assert (await world.integrator(issued.text)).role is Role.CURATOR


async def test_every_token_that_is_not_good_is_refused_alike(world: World) -> None:
    actor = (await world.ada()).profile.id
    issued, expired = await world.api_token(actor), await world.api_token(actor, days=1)
    world.clock.advance(timedelta(days=1))
    text = ApiTokenText.parse(issued.text)
    unknown = replace(text, token_id=ApiTokenId(uuid4()))
    others_secret = ApiTokenText.of(text.environment, text.token_id, b"\xff" * 32)
    elsewhere = replace(text, environment=TokenEnvironment.LIVE)
    refusals = {
        await refusal_of(world, bad)
        for bad in (
            unknown.text,
            others_secret.text,
            elsewhere.text,
            expired.text,
            issued.text[:-1],
            "ndh_",
        )
    }
    assert len(refusals) == 1
    assert (await world.integrator(issued.text)).user_id == actor


async def test_one_that_is_badly_written_asks_nobody(world: World) -> None:
    actor = (await world.ada()).profile.id
    issued = await world.api_token(actor)
    elsewhere = replace(ApiTokenText.parse(issued.text), environment=TokenEnvironment.LIVE)
    for bad in (issued.text[:-1] + "?", issued.text + "0", elsewhere.text):
        await refusal_of(world, bad)
    assert world.tokens.asked == 0


async def test_the_last_use_is_kept_to_the_minute(world: World) -> None:
    actor = (await world.ada()).profile.id
    issued = await world.api_token(actor)
    started = world.clock()
    for _ in range(7):
        await world.integrator(issued.text)
        world.clock.advance(timedelta(seconds=10))
    (listed,) = await world.list_api_tokens(actor)
    assert listed.token.last_used_at == started + timedelta(seconds=60)
    with pytest.raises(AuthenticationRequiredError):
        await world.integrator(issued.text + "0")
