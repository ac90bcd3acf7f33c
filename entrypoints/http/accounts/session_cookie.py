"""The refresh token of a browser: in a cookie that no script and no other site can use.

API clients get it in the body instead. Which of the two a session uses is chosen at sign-in.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie

from application.accounts.signed_in import SignedIn
from domain.accounts.errors import CrossSiteRequestError, InvalidRefreshTokenError
from domain.accounts.session import REFRESH_TOKEN_IDLE_LIFETIME
from entrypoints.http.accounts.delivery import Delivery
from entrypoints.http.accounts.device import device_cookies
from entrypoints.http.accounts.schemas import TokenPair

NAME = "__Host-nodrake-refresh"
# Says to our own pages that there is such a cookie, and nothing else: so they need not ask.
MARK = "nodrake-session"

_Command = TypeVar("_Command")


async def token_answer(
    request: Request[Any, Any, Any],
    sign_in: Callable[[_Command], Awaitable[SignedIn]],
    command: _Command,
    delivery: Delivery,
    *,
    status_code: int,
) -> Response[TokenPair]:
    """Sign in; the pair of tokens; in a cookie the second one, and then not in the body.

    ``CrossSiteRequestError``, before anything happens, where a cookie is not for whoever asks.
    """
    if delivery is Delivery.COOKIE:
        check_origin(request)
    answer = await sign_in(command)
    pair = TokenPair.of(answer)
    if delivery is Delivery.BODY:
        return Response(pair, status_code=status_code, cookies=device_cookies(answer))
    return Response(
        msgspec.structs.replace(pair, refresh_token=""),
        status_code=status_code,
        cookies=[
            *_cookies(answer.refresh_token, int(REFRESH_TOKEN_IDLE_LIFETIME.total_seconds())),
            *device_cookies(answer),
        ],
    )


def token_in_cookie(request: Request[Any, Any, Any]) -> str:
    """The refresh token of the cookie; ``InvalidRefreshTokenError`` where there is not just one.

    ``CrossSiteRequestError`` where another site may have sent it along.
    """
    check_origin(request)
    found = [
        value.strip()
        for field, cookies in request.scope["headers"]
        if field == b"cookie"
        for name, _, value in (pair.partition("=") for pair in cookies.decode("latin-1").split(";"))
        if name.strip() == NAME
    ]
    if len(found) != 1:
        raise InvalidRefreshTokenError("Sign in again.")
    return found[0]


def gone() -> list[Cookie]:
    """What makes a browser forget the token, and that there was one."""
    return _cookies("", 0)


def check_origin(request: Request[Any, Any, Any]) -> None:
    """``CrossSiteRequestError`` unless the page that sent the request is one of ours.

    Browsers put ``Origin`` on every POST; ``Sec-Fetch-Site`` stands in where it is missing.
    """
    origins = request.headers.getall("origin", [])
    if len(origins) == 1 and origins[0] in request.app.state["trusted_origins"]:
        return
    if not origins and request.headers.get("sec-fetch-site") == "same-origin":
        return
    raise CrossSiteRequestError("Cookies are for the service's own pages.")


def trusted_origins(public_url: str, cors_origins: tuple[str, ...], port: int) -> frozenset[str]:
    """The origins whose pages may use the cookie: our own, and those that CORS names.

    Where people reach us on this machine, its other names are ours as well.
    """
    ours = {public_url, *cors_origins}
    if urlsplit(public_url).hostname in {"localhost", "127.0.0.1"}:
        ours |= {f"http://localhost:{port}", f"http://127.0.0.1:{port}"}
    return frozenset(ours)


def _cookies(value: str, seconds: int) -> list[Cookie]:
    return [
        Cookie(
            key=key,
            value=content,
            max_age=seconds,
            path="/",
            secure=True,
            httponly=key == NAME,
            samesite="strict",
        )
        for key, content in ((NAME, value), (MARK, "1" if value else ""))
    ]
