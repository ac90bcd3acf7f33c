"""Who a request comes from: checked before any handler that is not public runs."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from litestar import Request
from litestar.types import ASGIApp, Receive, Scope, Send

from application.accounts.authenticate import Attempt, Authenticate
from domain.accounts.errors import AuthenticationRequiredError
from domain.accounts.principal import Principal
from domain.shared.ids import SessionId
from domain.shared.origin import Origin
from entrypoints.http.contract import rule_of
from entrypoints.http.problems import request_id_of

_LONGEST_USER_AGENT = 400


def authentication(
    authenticate: Authenticate, urgent: Callable[[], AbstractContextManager[None]]
) -> Callable[[ASGIApp], ASGIApp]:
    """A middleware that lets nobody in but by a row of the policy.

    Who it is, is asked as something ``urgent``; ``urgent`` operations are so to their end.
    """

    def create(app: ASGIApp) -> ASGIApp:
        async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
            preflight = scope.get("method") == "OPTIONS"  # answered by the framework: Allow
            handler: Any = scope["route_handler"]
            rule = rule_of(handler)
            if not preflight and (rule is None or rule.roles is not None):
                operation = str(handler.operation_id)
                attempt = Attempt(
                    token=bearer_token(scope),
                    operation=operation,
                    origin=origin_of(Request(scope)),
                )
                with urgent():
                    principal = await authenticate(attempt)
                scope["auth"] = principal
                scope["state"]["user_id"] = principal.user_id
            with urgent() if handler.opt.get("urgent") else nullcontext():
                await app(scope, receive, send)

        return middleware

    return create


def bearer_token(scope: Scope) -> str:
    """The token of exactly one ``Authorization: Bearer`` field (RFC 6750 section 2.1)."""
    values = [value for name, value in scope["headers"] if name == b"authorization"]
    if not values:
        raise AuthenticationRequiredError("Send an access token as Authorization: Bearer.")
    scheme, _, token = values[0].partition(b" ")
    if len(values) > 1 or scheme != b"Bearer" or not token or not token.isascii():
        raise AuthenticationRequiredError("Send one access token as Authorization: Bearer.")
    return token.decode("ascii")


def principal_of(request: Request[Any, Any, Any]) -> Principal:
    """Who the request comes from; only handlers that are not public may ask."""
    principal = request.scope["auth"]
    assert isinstance(principal, Principal)
    return principal


def session_of(request: Request[Any, Any, Any]) -> SessionId:
    """The session of the request; only handlers that API tokens cannot reach may ask."""
    session_id = principal_of(request).session_id
    assert session_id is not None
    return session_id


def origin_of(request: Request[Any, Any, Any]) -> Origin:
    """Where the request comes from, as far as proxies that we trust can tell."""
    agent = request.headers.get("user-agent")
    return Origin(
        address=request.scope["state"]["client_address"],
        user_agent=agent[:_LONGEST_USER_AGENT].replace("\0", "") if agent else None,
        request_id=request_id_of(request.scope),
    )
