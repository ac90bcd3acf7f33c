"""Who a request comes from, and whether they may do what it asks for."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

import msgspec

from application.accounts.api_token_check import ApiTokenCheck
from application.accounts.open_sessions import ActiveSessions
from application.accounts.ports import AccessTokens
from application.accounts.refused_access import RefusedAccess
from application.shared.ports import Clock
from domain.accounts.api_token_text import BEGINNING
from domain.accounts.errors import (
    AuthenticationRequiredError,
    FreshAuthenticationRequiredError,
    InsufficientScopeError,
    NotPermittedError,
)
from domain.accounts.policy import authorise
from domain.accounts.principal import Principal
from domain.shared.origin import Origin


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A token, the operation that is wanted with it, and where it comes from."""

    token: str
    operation: str
    origin: Origin

    def __repr__(self) -> str:
        return f"Attempt(operation={self.operation!r}, …)"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticate:
    """Two kinds of token, each checked in its own way; one policy says what either may do.

    What it refuses leaves a record.
    """

    access_tokens: AccessTokens
    active_sessions: ActiveSessions
    check_api_token: ApiTokenCheck
    refuse: RefusedAccess
    clock: Clock

    async def __call__(self, command: Attempt, /) -> Principal:
        """Who it is; ``AuthenticationRequiredError``, or a refusal of ``authorise``."""
        now = self.clock()
        principal = await self._principal(command.token, now)
        try:
            authorise(principal, command.operation, now)
        except (FreshAuthenticationRequiredError, InsufficientScopeError, NotPermittedError):
            if principal.session_id is not None:
                # The proof or the role may have changed a moment ago, seen by another process:
                # a memory of four seconds does not decide to refuse.
                self.active_sessions.forget(principal.session_id)
                principal = await self._principal(command.token, now)
            await self._decide(principal, command, now)
        return principal

    async def _decide(self, principal: Principal, command: Attempt, now: datetime) -> None:
        try:
            authorise(principal, command.operation, now)
        except (InsufficientScopeError, NotPermittedError) as refusal:
            await self.refuse(principal, command.operation, refusal, command.origin, now)
            raise

    async def _principal(self, token: str, now: datetime) -> Principal:
        if token.startswith(BEGINNING):
            return await self.check_api_token(token, now)
        claims = self.access_tokens.verify(token, now)
        session = await self.active_sessions.find(claims.session_id)
        if session is None or session.user_id != claims.user_id:
            raise AuthenticationRequiredError("The session has ended; sign in again.")
        return Principal(
            user_id=claims.user_id,
            role=session.role,
            session_id=claims.session_id,
            authenticated_at=session.authenticated_at,
        )
