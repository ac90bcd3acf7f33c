"""What is remembered of API tokens, and how their last use is written."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from adapters.postgres.api_token_grants import PostgresApiTokens
from adapters.postgres.api_token_uses import PostgresApiTokenUses
from adapters.postgres.api_tokens import PostgresApiTokenReader
from adapters.postgres.pool import Pool
from adapters.postgres.short_memory import MEMORY_SECONDS
from adapters.postgres.transaction import begin_on
from domain.accounts.api_token import ApiToken
from domain.accounts.api_token_text import ApiTokenText, TokenEnvironment
from domain.accounts.principal import Scope
from domain.accounts.role import Role
from domain.shared.ids import ApiTokenId
from tests.builders.accounts import NOW, a_user
from tests.builders.transactions import SECRETS

pytestmark = pytest.mark.anyio


async def a_token_in(pool: Pool) -> ApiToken:
    """Somebody's."""
    user = a_user()
    text = ApiTokenText.of(TokenEnvironment.DEV, ApiTokenId(uuid4()), bytes(32))
    token = ApiToken.issue(
        text,
        user_id=user.id,
        name="Home server",
        scopes=(Scope.LIST_READ,),
        days=1,
        requests_per_minute=None,
        now=NOW,
    )
    async with begin_on(pool, SECRETS)() as tx:
        await tx.users.add(user)
        await tx.api_tokens.add(token, text.digest)
    return token


def asked(pool: Pool) -> int:
    """How often a connection was taken."""
    return pool.get_stats()["requests_num"]


async def last_used(pool: Pool, token: ApiToken) -> datetime | None:
    """What is kept."""
    (kept,) = await PostgresApiTokenReader(pool).list(token.user_id)
    return kept.last_used_at


async def test_fifty_questions_at_once_are_one_query_and_the_answer_is_remembered(
    pool: Pool,
) -> None:
    tokens, token = PostgresApiTokens(pool), await a_token_in(pool)
    before = asked(pool)
    assert all(await asyncio.gather(*(tokens.find(token.id) for _ in range(50))))
    assert await tokens.find(token.id)
    assert asked(pool) == before + 1


async def test_a_revocation_and_a_new_role_are_seen_when_the_memory_has_faded(pool: Pool) -> None:
    now = 0.0
    tokens, token = PostgresApiTokens(pool, now=lambda: now), await a_token_in(pool)
    assert await tokens.find(token.id)
    async with pool.connection() as connection:
        await connection.execute("update users set role = 'curator' where id = %s", [token.user_id])
    now += MEMORY_SECONDS
    grant = await tokens.find(token.id)
    assert grant is not None
    assert grant.role is Role.CURATOR
    async with begin_on(pool, SECRETS)() as tx:
        assert await tx.api_tokens.revoke(token.user_id, token.id, datetime.now(UTC))
    now += MEMORY_SECONDS
    assert await tokens.find(token.id) is None


async def test_an_answer_that_was_on_its_way_when_it_changed_is_not_remembered(pool: Pool) -> None:
    tokens, token = PostgresApiTokens(pool), await a_token_in(pool)
    on_its_way = asyncio.create_task(tokens.find(token.id))
    await asyncio.sleep(0)
    tokens.note_end(token.id)
    await on_its_way
    assert await tokens.find(token.id) is None


async def test_a_scope_that_this_release_does_not_know_opens_nothing(pool: Pool) -> None:
    token = await a_token_in(pool)
    async with pool.connection() as connection:
        await connection.execute(
            "update api_tokens set scopes = scopes || '{runs:write}' where id = %s", [token.id]
        )
    grant = await PostgresApiTokens(pool).find(token.id)
    assert grant is not None
    assert grant.scopes == frozenset({Scope.LIST_READ})


async def test_many_uses_are_one_statement(pool: Pool) -> None:
    uses, tokens = PostgresApiTokenUses(pool), [await a_token_in(pool) for _ in range(5)]
    before = asked(pool)
    for _ in range(100):
        for token in tokens:
            uses.note(token.id, NOW)
    await uses.settle()
    uses.note(tokens[0].id, NOW + timedelta(seconds=59))  # asks nobody within the minute
    await uses.settle()
    assert asked(pool) == before + 1
    assert {await last_used(pool, token) for token in tokens} == {NOW}


async def test_two_processes_write_a_minute_once(pool: Pool) -> None:
    token = await a_token_in(pool)
    for seconds in (0, 20, 40):
        uses = PostgresApiTokenUses(pool)
        uses.note(token.id, NOW + timedelta(seconds=seconds))
        await uses.settle()
    assert await last_used(pool, token) == NOW


@pytest.mark.slow
async def test_a_use_never_waits_and_never_fails_whatever_the_database_does(pool: Pool) -> None:
    uses, token = PostgresApiTokenUses(pool), await a_token_in(pool)
    async with pool.connection() as holder, holder.transaction():
        await holder.execute("select from api_tokens where id = %s for update", [token.id])
        uses.note(token.id, NOW)  # the statement gives up after the lock timeout
        await asyncio.wait_for(uses.settle(), 30)
    assert await last_used(pool, token) is None
    uses.note(token.id, NOW + timedelta(minutes=1))
    await uses.settle()
    assert await last_used(pool, token) == NOW + timedelta(minutes=1)
    await pool.close()
    uses.note(token.id, NOW + timedelta(minutes=2))
    await uses.settle()


async def test_what_is_noted_while_others_are_written_is_written_next(pool: Pool) -> None:
    uses = PostgresApiTokenUses(pool)
    first, second = await a_token_in(pool), await a_token_in(pool)
    uses.note(first.id, NOW)
    await asyncio.sleep(0)
    uses.note(second.id, NOW)
    await uses.settle()
    assert {await last_used(pool, first), await last_used(pool, second)} == {NOW}
