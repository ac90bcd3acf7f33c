"""API tokens in PostgreSQL: kept, changed and shown."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from adapters.postgres.pool import Connection, Pool, fetch_all
from application.accounts.api_tokens import ApiTokenGrant, ValidSecret
from domain.accounts.api_token import MAX_API_TOKENS, ApiToken
from domain.accounts.api_token_text import ApiTokenText
from domain.accounts.errors import (
    ApiTokenNotFoundError,
    ApiTokenRotationUnderWayError,
    TooManyApiTokensError,
)
from domain.accounts.principal import Scope
from domain.accounts.role import Role
from domain.shared.ids import ApiTokenId, UserId

_COLUMNS = """
id, user_id, name, scopes, requests_per_minute, prefix, last_four, created_at, expires_at,
rotated_at, previous_expires_at, last_used_at, revoked_at
"""
_LIST = (
    "select"
    + _COLUMNS
    + "from api_tokens where user_id = %(user_id)s order by created_at desc, id desc"
)
_FORGET_OLD = """
delete from api_tokens where id in (
    select id from api_tokens
    where user_id = %(user_id)s and (revoked_at is not null or expires_at <= %(now)s)
    order by coalesce(revoked_at, expires_at) desc, id desc offset %(most)s
)
"""
_ADD = """
insert into api_tokens (id, user_id, name, scopes, requests_per_minute, prefix, last_four,
                        secret_hash, created_at, expires_at)
select %(id)s, %(user_id)s, %(name)s, %(scopes)s, %(requests_per_minute)s, %(prefix)s,
       %(last_four)s, %(digest)s, %(now)s, %(expires_at)s
where %(most)s > (
    select count(*) from api_tokens
    where user_id = %(user_id)s and revoked_at is null and expires_at > %(now)s
)
"""
# The one statement that puts a secret in another's place: whoever comes second while that one
# still works finds its end in the future. On the right stands what was there before.
_ROTATE = (
    """
update api_tokens set
    secret_hash = %(digest)s,
    prefix = %(prefix)s,
    last_four = %(last_four)s,
    previous_hash = case when %(overlap)s > interval '0' then secret_hash end,
    previous_expires_at =
        case when %(overlap)s > interval '0' then least(%(now)s + %(overlap)s, expires_at) end,
    rotated_at = %(now)s,
    expires_at = %(now)s + (expires_at - coalesce(rotated_at, created_at))
where id = %(id)s and user_id = %(user_id)s and revoked_at is null and expires_at > %(now)s
  and (%(overlap)s = interval '0' or coalesce(previous_expires_at <= %(now)s, true))
returning
"""
    + _COLUMNS
)
_USABLE = """
select from api_tokens
where id = %(id)s and user_id = %(user_id)s and revoked_at is null and expires_at > %(now)s
"""
_GRANT = """
select u.id, u.role, t.scopes, t.requests_per_minute, t.secret_hash, t.expires_at,
       t.previous_hash, t.previous_expires_at
from api_tokens t join users u on u.id = t.user_id
where t.id = %(id)s and t.revoked_at is null
"""


class PostgresApiTokenRepository:
    """``ApiTokenRepository`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, token: ApiToken, digest: bytes, /) -> None:
        """Insert while there are fewer than so many; the caller's lock makes the count exact."""
        parameters = {
            "id": token.id,
            "user_id": token.user_id,
            "name": token.name,
            "scopes": sorted(token.scopes),
            "requests_per_minute": token.requests_per_minute,
            "prefix": token.prefix,
            "last_four": token.last_four,
            "digest": digest,
            "now": token.created_at,
            "expires_at": token.expires_at,
            "most": MAX_API_TOKENS,
        }
        await self._connection.execute(_FORGET_OLD, parameters)
        cursor = await self._connection.execute(_ADD, parameters)
        if cursor.rowcount != 1:
            raise TooManyApiTokensError(
                f"Revoke one first: {MAX_API_TOKENS} can be used at a time."
            )

    async def rotate(
        self, user_id: UserId, successor: ApiTokenText, now: datetime, /, *, overlap: timedelta
    ) -> ApiToken:
        """One conditional statement; only who loses it asks why."""
        parameters = {
            "id": successor.token_id,
            "user_id": user_id,
            "digest": successor.digest,
            "prefix": successor.prefix,
            "last_four": successor.last_four,
            "overlap": overlap,
            "now": now,
        }
        cursor = await self._connection.execute(_ROTATE, parameters)
        if row := await cursor.fetchone():
            return _token(row)
        cursor = await self._connection.execute(_USABLE, parameters)
        if await cursor.fetchone() is None:
            raise ApiTokenNotFoundError("It has expired or was revoked, or there was never one.")
        raise ApiTokenRotationUnderWayError(
            "The secret before still works; wait, or send overlap_hours 0 to end it at once."
        )

    async def revoke(self, user_id: UserId, token_id: ApiTokenId, now: datetime, /) -> bool:
        """Set ``revoked_at`` once."""
        cursor = await self._connection.execute(
            """
            update api_tokens set revoked_at = %s
            where id = %s and user_id = %s and revoked_at is null
            """,
            [now, token_id, user_id],
        )
        return cursor.rowcount == 1

    async def revoke_all(self, user_id: UserId, now: datetime, /) -> list[ApiTokenId]:
        """Set ``revoked_at`` on all that can be used."""
        cursor = await self._connection.execute(
            """
            update api_tokens set revoked_at = %(now)s
            where user_id = %(user_id)s and revoked_at is null and expires_at > %(now)s
            returning id
            """,
            {"user_id": user_id, "now": now},
        )
        return [row[0] for row in await cursor.fetchall()]


class PostgresApiTokenReader:
    """``ApiTokenReader``: one read outside any transaction."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def list(self, user_id: UserId, /) -> list[ApiToken]:
        """By the index on person and time."""
        rows = await fetch_all(
            self._pool,
            _LIST,
            {"user_id": user_id},
        )
        return [_token(row) for row in rows]


async def find_grant(pool: Pool, token_id: ApiTokenId) -> ApiTokenGrant | None:
    """What a token that is not revoked opens, read afresh."""
    rows = await fetch_all(pool, _GRANT, {"id": token_id})
    if not rows:
        return None
    user_id, role, scopes, requests_per_minute, digest, expires_at, previous, ends_at = rows[0]
    secrets = [ValidSecret(digest=digest, expires_at=expires_at)]
    if previous is not None:
        secrets.append(ValidSecret(digest=previous, expires_at=ends_at))
    return ApiTokenGrant(
        user_id=user_id,
        role=Role(role),
        scopes=_scopes(scopes),
        requests_per_minute=requests_per_minute,
        secrets=tuple(secrets),
    )


def _token(row: Sequence[Any]) -> ApiToken:
    return ApiToken(
        id=row[0],
        user_id=row[1],
        name=row[2],
        scopes=_scopes(row[3]),
        requests_per_minute=row[4],
        prefix=row[5],
        last_four=row[6],
        created_at=row[7],
        expires_at=row[8],
        rotated_at=row[9],
        previous_expires_at=row[10],
        last_used_at=row[11],
        revoked_at=row[12],
    )


def _scopes(names: Iterable[str]) -> frozenset[Scope]:
    # A newer release may have written one that this one does not know: it opens nothing here.
    return frozenset(scope for scope in Scope if scope in set(names))
