"""Taking API tokens out of use."""

import pytest

from application.accounts.revoke_api_token import ApiTokenToRevoke
from application.accounts.rotate_api_token import ApiTokenToRotate
from domain.accounts.errors import ApiTokenNotFoundError, AuthenticationRequiredError
from domain.shared.ids import ApiTokenId, UserId
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


def to_revoke(actor: UserId, token_id: ApiTokenId) -> ApiTokenToRevoke:
    """The command."""
    return ApiTokenToRevoke(actor=actor, token_id=token_id, origin=ORIGIN)


async def test_neither_secret_works_any_more(world: World) -> None:
    actor = (await world.ada()).profile.id
    first = await world.api_token(actor)
    second = await world.rotate_api_token(
        ApiTokenToRotate(actor=actor, token_id=first.token.id, overlap_hours=24, origin=ORIGIN)
    )
    await world.revoke_api_token(to_revoke(actor, first.token.id))
    for issued in (first, second):
        with pytest.raises(AuthenticationRequiredError):
            await world.integrator(issued.text)
    assert world.database.rows.events[-1].type == "accounts.api_token_revoked.v1"


async def test_somebody_elses_is_not_found_and_goes_on_working(world: World) -> None:
    ada, eve = (await world.ada()).profile.id, (await world.ada("eve@example.org")).profile.id
    issued = await world.api_token(ada)
    with pytest.raises(ApiTokenNotFoundError):
        await world.revoke_api_token(to_revoke(eve, issued.token.id))
    assert (await world.integrator(issued.text)).user_id == ada


async def test_doing_it_twice_is_told_once(world: World) -> None:
    actor = (await world.ada()).profile.id
    token_id = (await world.api_token(actor)).token.id
    await world.revoke_api_token(to_revoke(actor, token_id))
    with pytest.raises(ApiTokenNotFoundError):
        await world.revoke_api_token(to_revoke(actor, token_id))
    told = [event.type for event in world.database.rows.events]
    assert told.count("accounts.api_token_revoked.v1") == 1


async def test_all_of_somebody_end_together_and_nobody_elses(world: World) -> None:
    ada, eve = (await world.ada()).profile.id, (await world.ada("eve@example.org")).profile.id
    mine = [await world.api_token(ada) for _ in range(3)]
    hers = await world.api_token(eve)
    async with world.begin_accounts() as tx:
        ended = await world.end_api_token.all_of(
            tx, ada, reason="password_reset", origin=ORIGIN, now=world.clock()
        )
    assert ended == 3
    for issued in mine:
        with pytest.raises(AuthenticationRequiredError):
            await world.integrator(issued.text)
    assert (await world.integrator(hers.text)).user_id == eve
