"""Who a request comes from, and whether they may do what it asks for."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.ports import AccessTokens, ActiveSessions
from application.shared.ports import Clock
from domain.accounts.errors import (
    AuthenticationRequiredError,
    FreshAuthenticationRequiredError,
    NotPermittedError,
)
from domain.accounts.policy import authorise
from domain.accounts.principal import Principal
from domain.shared.ids import SessionId, UserId


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A token, and the operation that is wanted with it."""

    token: str
    operation: str

    def __repr__(self) -> str:
        return f"Attempt(operation={self.operation!r}, …)"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticate:
    """Check a token, that its session has not ended meanwhile, and what the policy says."""

    access_tokens: AccessTokens
    active_sessions: ActiveSessions
    clock: Clock

    async def __call__(self, command: Attempt, /) -> Principal:
        """Who it is; ``AuthenticationRequiredError``, or a refusal of ``authorise``."""
        now = self.clock()
        claims = self.access_tokens.verify(command.token, now)
        principal = await self._principal(claims.user_id, claims.session_id)
        try:
            authorise(principal, command.operation, now)
        except (FreshAuthenticationRequiredError, NotPermittedError):
            # The proof or the role may have changed a moment ago, seen by another process: a
            # memory of four seconds does not decide to refuse.
            self.active_sessions.forget(claims.session_id)
            principal = await self._principal(claims.user_id, claims.session_id)
            authorise(principal, command.operation, now)
        return principal

    async def _principal(self, user_id: UserId, session_id: SessionId) -> Principal:
        session = await self.active_sessions.find(session_id)
        if session is None or session.user_id != user_id:
            raise AuthenticationRequiredError("The session has ended; sign in again.")
        return Principal(
            user_id=user_id,
            role=session.role,
            session_id=session_id,
            authenticated_at=session.authenticated_at,
        )
