"""Routes of sessions."""

from typing import Any
from uuid import UUID

from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from application.accounts.list_sessions import ListSessions
from application.accounts.log_out import SignOut
from application.accounts.revoke_session import RevokeSession
from application.accounts.revoke_sessions import RevokeSessions
from application.accounts.revoke_sessions import SessionsToRevoke as RevokeSessionsCommand
from domain.accounts.errors import SessionNotFoundError
from domain.shared.ids import SessionId
from entrypoints.http.accounts.session_schemas import (
    OpenSession,
    OpenSessions,
    RevokedSessions,
    SessionsToRevoke,
)
from entrypoints.http.authentication import origin_of, principal_of, session_of
from entrypoints.http.contract import contract


@get(
    "/api/v1/auth/sessions",
    operation_id="listSessions",
    summary="See where one is signed in",
    tags=["accounts"],
    opt=contract(),
)
async def list_sessions_route(
    request: Request[Any, Any, Any], list_sessions: NamedDependency[ListSessions]
) -> OpenSessions:
    """At most twenty: of more, the one idle longest ends."""
    sessions = await list_sessions(principal_of(request).user_id)
    current = session_of(request)
    return OpenSessions(items=[OpenSession.of(session, current) for session in sessions])


@delete(
    "/api/v1/auth/sessions/{session_id:uuid}",
    operation_id="revokeSession",
    summary="Sign one device out",
    tags=["accounts"],
    opt=contract(SessionNotFoundError),
)
async def revoke_session_route(
    request: Request[Any, Any, Any],
    session_id: FromPath[UUID],
    revoke_session: NamedDependency[RevokeSession],
) -> None:
    """All tokens of the session stop working within five seconds."""
    await revoke_session(
        SignOut(
            actor=principal_of(request).user_id,
            session_id=SessionId(session_id),
            origin=origin_of(request),
        )
    )


@post(
    "/api/v1/auth/sessions/revocation",
    operation_id="revokeSessions",
    summary="Sign every device out, or every other",
    tags=["accounts"],
    status_code=200,
    opt=contract(needs_no_key="sessions that have ended stay ended"),
)
async def revoke_sessions_route(
    request: Request[Any, Any, Any],
    data: JSONBody[SessionsToRevoke],
    revoke_sessions: NamedDependency[RevokeSessions],
) -> RevokedSessions:
    """All tokens of the sessions stop working within five seconds."""
    revoked = await revoke_sessions(
        RevokeSessionsCommand(
            actor=principal_of(request).user_id,
            keep=session_of(request) if data.keep_current else None,
            origin=origin_of(request),
        )
    )
    return RevokedSessions(revoked=revoked)


ROUTES = (list_sessions_route, revoke_session_route, revoke_sessions_route)
