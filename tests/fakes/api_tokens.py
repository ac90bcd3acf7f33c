"""API tokens in memory."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from application.accounts.api_tokens import ApiTokenGrant, ValidSecret
from domain.accounts.api_token import MAX_API_TOKENS, ApiToken, ApiTokenState
from domain.accounts.api_token_text import ApiTokenText
from domain.accounts.errors import (
    ApiTokenNotFoundError,
    ApiTokenRotationUnderWayError,
    TooManyApiTokensError,
)
from domain.shared.ids import ApiTokenId, UserId
from tests.fakes.shared import FakeDatabase, Rows


class FakeApiTokenRepository:
    """``ApiTokenRepository`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._tokens = rows.api_tokens
        self._secrets = rows.api_secrets

    async def add(self, token: ApiToken, digest: bytes, /) -> None:
        """Refuse one too many."""
        now = token.created_at
        mine = [other for other in self._tokens.values() if other.user_id == token.user_id]
        over = [other for other in mine if other.state_at(now) is not ApiTokenState.ACTIVE]
        over.sort(key=lambda t: (t.revoked_at or t.expires_at, t.id), reverse=True)
        for old in over[MAX_API_TOKENS:]:
            del self._tokens[old.id], self._secrets[old.id]
        if len(mine) - len(over) >= MAX_API_TOKENS:
            raise TooManyApiTokensError("too many")
        self._tokens[token.id] = token
        self._secrets[token.id] = (ValidSecret(digest=digest, expires_at=token.expires_at),)

    async def rotate(
        self, user_id: UserId, successor: ApiTokenText, now: datetime, /, *, overlap: timedelta
    ) -> ApiToken:
        """Unless one is under way."""
        token = self._tokens.get(successor.token_id)
        if token is None or token.user_id != user_id:
            raise ApiTokenNotFoundError("not there")
        if token.state_at(now) is not ApiTokenState.ACTIVE:
            raise ApiTokenNotFoundError("over")
        under_way = token.previous_expires_at is not None and token.previous_expires_at > now
        if overlap and under_way:
            raise ApiTokenRotationUnderWayError("under way")
        ends_at = min(now + overlap, token.expires_at) if overlap else None
        rotated = replace(
            token,
            prefix=successor.prefix,
            last_four=successor.last_four,
            rotated_at=now,
            expires_at=now + (token.expires_at - (token.rotated_at or token.created_at)),
            previous_expires_at=ends_at,
        )
        newest = ValidSecret(digest=successor.digest, expires_at=rotated.expires_at)
        secrets: tuple[ValidSecret, ...] = (newest,)
        if ends_at:
            secrets += (replace(self._secrets[token.id][0], expires_at=ends_at),)
        self._tokens[token.id], self._secrets[token.id] = rotated, secrets
        return rotated

    async def revoke(self, user_id: UserId, token_id: ApiTokenId, now: datetime, /) -> bool:
        """Once."""
        token = self._tokens.get(token_id)
        if token is None or token.user_id != user_id or token.revoked_at is not None:
            return False
        self._tokens[token_id] = replace(token, revoked_at=now)
        return True

    async def revoke_all(self, user_id: UserId, now: datetime, /) -> list[ApiTokenId]:
        """Each that can be used."""
        return [
            token.id
            for token in list(self._tokens.values())
            if token.state_at(now) is ApiTokenState.ACTIVE
            and await self.revoke(user_id, token.id, now)
        ]


class FakeApiTokenReader:
    """``ApiTokenReader`` over what is committed."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    async def list(self, user_id: UserId, /) -> list[ApiToken]:
        """Sort them."""
        mine = [t for t in self._database.rows.api_tokens.values() if t.user_id == user_id]
        return sorted(mine, key=lambda t: (t.created_at, t.id), reverse=True)


class FakeApiTokens:
    """``ApiTokens`` that remembers nothing, so every answer is fresh."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database
        self.asked = 0

    async def find(self, token_id: ApiTokenId, /) -> ApiTokenGrant | None:
        """What it is now."""
        self.asked += 1
        rows = self._database.rows
        token = rows.api_tokens.get(token_id)
        if token is None or token.revoked_at is not None:
            return None
        return ApiTokenGrant(
            user_id=token.user_id,
            role=rows.users[token.user_id].role,
            scopes=token.scopes,
            requests_per_minute=token.requests_per_minute,
            secrets=rows.api_secrets[token_id],
        )

    def note_end(self, token_id: ApiTokenId, /) -> None:
        """There is nothing to note."""

    def forget(self, token_id: ApiTokenId, /) -> None:
        """There is nothing to forget."""


class FakeApiTokenUses:
    """``ApiTokenUses`` that writes at once."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    def note(self, token_id: ApiTokenId, now: datetime, /) -> None:
        """Keep it to the minute."""
        tokens = self._database.rows.api_tokens
        token = tokens.get(token_id)
        if token is None:
            return
        if token.last_used_at is None or token.last_used_at <= now - timedelta(minutes=1):
            tokens[token_id] = replace(token, last_used_at=now)

    async def settle(self) -> None:
        """There is nothing to wait for."""
