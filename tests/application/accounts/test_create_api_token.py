"""Making API tokens."""

import asyncio
from datetime import timedelta

import pytest

from application.accounts.revoke_api_token import ApiTokenToRevoke
from domain.accounts.api_token_text import ApiTokenText
from domain.accounts.errors import TooManyApiTokensError
from domain.accounts.principal import Scope
from domain.shared.errors import InvalidInputError
from domain.shared.mail import MailKind
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_only_a_digest_is_kept(world: World) -> None:
    actor = (await world.ada()).profile.id
    issued = await world.api_token(actor)
    text = ApiTokenText.parse(issued.text)
    assert text.token_id == issued.token.id
    (kept,) = world.database.rows.api_secrets[issued.token.id]
    assert kept.digest == text.digest
    for shown in (repr(issued), repr(world.database.rows), repr(kept)):
        assert text.secret not in shown
    assert issued.token.prefix == text.prefix
    assert issued.text.endswith(issued.token.last_four)


async def test_it_is_told_recorded_and_mailed(world: World) -> None:
    actor = (await world.ada()).profile.id
    issued = await world.api_token(actor, Scope.LIST_READ, Scope.CATALOG_READ)
    rows = world.database.rows
    assert rows.events[-1].type == "accounts.api_token_created.v1"
    assert rows.audit[-1].resource_type == "api_token"
    assert rows.audit[-1].resource_id == str(issued.token.id)
    mail = rows.mails[-1]
    assert (mail.user_id, mail.kind) == (actor, MailKind.API_TOKEN_CREATED)
    assert mail.values["name"] == "Home server"
    assert mail.values["scopes"] == "catalog:read, list:read"
    assert not any(ApiTokenText.parse(issued.text).secret in v for v in mail.values.values())


async def test_a_token_gets_no_more_requests_than_the_account(world: World) -> None:
    actor = (await world.ada()).profile.id
    assert (await world.api_token(actor, most=100)).token.requests_per_minute == 100
    with pytest.raises(InvalidInputError) as refusal:
        await world.api_token(actor, most=101)
    assert refusal.value.errors[0].field == "requests_per_minute"
    assert len(world.database.rows.api_tokens) == 1


async def test_of_fifty_at_once_twenty_are_made(world: World) -> None:
    actor = (await world.ada()).profile.id
    results = await asyncio.gather(
        *(world.api_token(actor) for _ in range(50)), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, TooManyApiTokensError)]
    assert len(refused) == 30
    assert len(world.database.rows.api_tokens) == 20
    assert len(world.mailed()) == 20, "no mail for what was refused"


async def test_one_that_ended_makes_place_for_another(world: World) -> None:
    actor = (await world.ada()).profile.id
    tokens = [await world.api_token(actor, days=2 if n else 1) for n in range(20)]
    with pytest.raises(TooManyApiTokensError):
        await world.api_token(actor)
    world.clock.advance(timedelta(days=1))
    await world.api_token(actor)
    await world.revoke_api_token(
        ApiTokenToRevoke(actor=actor, token_id=tokens[1].token.id, origin=ORIGIN)
    )
    await world.api_token(actor)
    with pytest.raises(TooManyApiTokensError):
        await world.api_token(actor)


async def test_somebody_elses_tokens_take_no_place(world: World) -> None:
    ada, eve = (await world.ada()).profile.id, (await world.ada("eve@example.org")).profile.id
    for _ in range(20):
        await world.api_token(ada)
    assert (await world.api_token(eve)).token.user_id == eve
