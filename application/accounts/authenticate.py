"""Who a request comes from."""

from dataclasses import dataclass
from typing import final

from application.accounts.ports import AccessClaims, AccessTokens, ActiveSessions
from application.shared.ports import Clock
from domain.accounts.errors import AuthenticationRequiredError


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticate:
    """Check an access token, and that its session has not ended meanwhile."""

    access_tokens: AccessTokens
    active_sessions: ActiveSessions
    clock: Clock

    async def __call__(self, token: str, /) -> AccessClaims:
        """Who, in which session; ``AuthenticationRequiredError`` for anything less."""
        claims = self.access_tokens.verify(token, self.clock())
        if not await self.active_sessions.includes(claims.session_id):
            raise AuthenticationRequiredError("The session has ended; sign in again.")
        return claims
