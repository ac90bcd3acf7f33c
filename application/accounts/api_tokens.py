"""What the use cases of API tokens need from the outside."""

import hmac
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from domain.accounts.api_token import ApiToken
from domain.accounts.api_token_text import ApiTokenText
from domain.accounts.principal import Scope
from domain.accounts.role import Role
from domain.shared.ids import ApiTokenId, UserId


class IssuedApiToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token together with its text, which nobody can be told a second time."""

    token: ApiToken
    text: str

    def __repr__(self) -> str:
        return f"IssuedApiToken(token={self.token!r}, …)"


class NewSecret(Protocol):
    """A source of secrets."""

    def __call__(self) -> bytes:
        """256 random bits."""
        ...


class ApiTokenRepository(Protocol):
    """The API tokens of each person."""

    async def add(self, token: ApiToken, digest: bytes, /) -> None:
        """Keep a token; ``TooManyApiTokensError`` beside ``MAX_API_TOKENS`` that can be used.

        Exact under the lock on the user that every caller holds. Of those that can no longer be
        used, the ``MAX_API_TOKENS`` newest stay to be seen.
        """
        ...

    async def rotate(
        self,
        user_id: UserId,
        successor: ApiTokenText,
        now: datetime,
        /,
        *,
        overlap: timedelta,
    ) -> ApiToken:
        """Put ``successor`` in place of the secret of the same token, for as long as that had.

        The secret before it works for ``overlap``, though never longer than it would have. One
        conditional statement: while such an overlap lasts a further rotation with one is
        ``ApiTokenRotationUnderWayError``, so that of any number of callers exactly one succeeds
        and no secret that is in use is lost; one without overlap ends both. Somebody else's
        token and one that cannot be used are ``ApiTokenNotFoundError``.
        """
        ...

    async def revoke(self, user_id: UserId, token_id: ApiTokenId, now: datetime, /) -> bool:
        """End this token of this person; whether it was there and not revoked before."""
        ...

    async def revoke_all(self, user_id: UserId, now: datetime, /) -> list[ApiTokenId]:
        """End all that can be used; which ones."""
        ...


class ApiTokenReader(Protocol):
    """API tokens, as they are shown."""

    async def list(self, user_id: UserId, /) -> list[ApiToken]:
        """Those of one person, the newest first."""
        ...


class ValidSecret(msgspec.Struct, frozen=True, kw_only=True):
    """The digest of a secret, and until when it works."""

    digest: bytes
    expires_at: datetime

    def __repr__(self) -> str:
        return f"ValidSecret(expires_at={self.expires_at!r}, …)"


class ApiTokenGrant(msgspec.Struct, frozen=True, kw_only=True):
    """What a token that is not revoked opens, and the person behind it as of now."""

    user_id: UserId
    role: Role
    scopes: frozenset[Scope]
    requests_per_minute: int | None
    secrets: tuple[ValidSecret, ...]

    def expiry_of(self, digest: bytes) -> datetime | None:
        """Until when the secret with this digest works; ``None`` where it is another's."""
        known = [
            secret.expires_at
            for secret in self.secrets
            if hmac.compare_digest(secret.digest, digest)
        ]
        return max(known, default=None)


class ApiTokens(Protocol):
    """What each token opens; the answer may be five seconds old, never older.

    The truth is in the database, so the loss of Redis changes nothing.
    """

    async def find(self, token_id: ApiTokenId, /) -> ApiTokenGrant | None:
        """The grant, or nothing where there is no such token or it was revoked."""
        ...

    def note_end(self, token_id: ApiTokenId, /) -> None:
        """Answer nothing for a token that is being revoked, from now on in this process."""
        ...

    def forget(self, token_id: ApiTokenId, /) -> None:
        """Drop what this process remembers of a token that has changed."""
        ...


class ApiTokenUses(Protocol):
    """When each token was last used: kept to the minute, never in the way of a request."""

    def note(self, token_id: ApiTokenId, now: datetime, /) -> None:
        """Keep it some time soon, unless a use in the same minute was kept; never raises."""
        ...

    async def settle(self) -> None:
        """Wait until what was noted is kept, or could not be; never raises."""
        ...
