"""Who a request comes from: checked before any handler that is not public runs."""

from collections.abc import Callable
from typing import Any

from litestar import Request
from litestar.types import ASGIApp, Receive, Scope, Send

from application.accounts.authenticate import Authenticate
from application.accounts.ports import AccessClaims
from domain.accounts.errors import AuthenticationRequiredError
from domain.shared.origin import Origin
from entrypoints.http.contract import Access
from entrypoints.http.problems import request_id_of

_LONGEST_USER_AGENT = 400


def authentication(authenticate: Authenticate) -> Callable[[ASGIApp], ASGIApp]:
    """A middleware that lets nobody in but by the declaration of the handler."""

    def create(app: ASGIApp) -> ASGIApp:
        async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
            preflight = scope.get("method") == "OPTIONS"  # answered by the framework: Allow
            access = scope["route_handler"].opt.get("access")
            if access is not Access.PUBLIC and not preflight:
                claims = await authenticate(bearer_token(scope))
                scope["auth"] = claims
                scope["state"]["user_id"] = claims.user_id
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


def claims_of(request: Request[Any, Any, Any]) -> AccessClaims:
    """Who the request comes from; only handlers that are not public may ask."""
    claims = request.scope["auth"]
    assert isinstance(claims, AccessClaims)
    return claims


def origin_of(request: Request[Any, Any, Any]) -> Origin:
    """Where the request comes from, as far as proxies that we trust can tell."""
    agent = request.headers.get("user-agent")
    return Origin(
        address=request.scope["state"]["client_address"],
        user_agent=agent[:_LONGEST_USER_AGENT].replace("\0", "") if agent else None,
        request_id=request_id_of(request.scope),
    )
