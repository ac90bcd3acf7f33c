"""Finding out who asks."""

from datetime import timedelta

import pytest

from application.accounts.refused_access import ACTION
from domain.accounts.errors import (
    AuthenticationRequiredError,
    FreshAuthenticationRequiredError,
    InsufficientScopeError,
    NotPermittedError,
)
from domain.accounts.principal import Scope
from domain.shared.audit_record import Outcome
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_a_token_is_good_for_ten_minutes(world: World) -> None:
    signed_in = await world.ada()
    world.clock.advance(timedelta(minutes=9, seconds=59))
    assert (await world.principal(signed_in)).user_id == signed_in.profile.id
    world.clock.advance(timedelta(seconds=1))
    with pytest.raises(AuthenticationRequiredError):
        await world.principal(signed_in)


async def test_what_the_policy_refuses_leaves_a_record(world: World) -> None:
    ada = await world.ada()
    issued = await world.api_token(ada.profile.id, Scope.PROFILE_READ)
    with pytest.raises(NotPermittedError):
        await world.principal(ada, "listUsers")
    with pytest.raises(InsufficientScopeError):
        await world.integrator(issued.text, "blockArtist")
    records = [r for r in world.database.rows.audit if r.action == ACTION]
    assert [(r.resource_id, r.after) for r in records] == [
        ("listUsers", {"refused_with": "accounts.not_permitted"}),
        ("blockArtist", {"refused_with": "accounts.insufficient_scope"}),
    ]
    assert {(r.user_id, r.outcome, r.origin) for r in records} == {
        (ada.profile.id, Outcome.REFUSED, ORIGIN)
    }


async def test_a_proof_that_is_too_old_leaves_none(world: World) -> None:
    ada = await world.ada()
    world.clock.advance(timedelta(minutes=9))
    fresh = await world.sign_in()
    await world.principal(fresh, "exportUserData")
    world.clock.advance(timedelta(minutes=2))
    with pytest.raises((FreshAuthenticationRequiredError, AuthenticationRequiredError)):
        await world.principal(ada, "exportUserData")
    assert [r for r in world.database.rows.audit if r.action == ACTION] == []


async def test_a_person_leaves_a_hundred_such_records_an_hour(world: World) -> None:
    ada = await world.ada()
    for _ in range(101):
        with pytest.raises(NotPermittedError):
            await world.principal(ada, "listUsers")
    assert len([r for r in world.database.rows.audit if r.action == ACTION]) == 100
