"""The cookie by which a device is known at its next sign-in."""

from typing import Any

from litestar import Request, Response
from litestar.datastructures import Cookie

from application.accounts.signed_in import SignedIn
from entrypoints.http.accounts.schemas import TokenPair

DEVICE_COOKIE = "__Host-nodrake-device"
_A_YEAR = 365 * 24 * 3600


def device_of(request: Request[Any, Any, Any]) -> str | None:
    """The token that came with the request."""
    return request.cookies.get(DEVICE_COOKIE)


def answer_with_device(answer: SignedIn) -> Response[TokenPair]:
    """A sign-in, with the token for the next one as a cookie that scripts cannot read."""
    cookie = Cookie(
        key=DEVICE_COOKIE,
        value=answer.device,
        max_age=_A_YEAR,
        path="/",
        secure=True,
        httponly=True,
        samesite="strict",
    )
    return Response(TokenPair.of(answer), cookies=[cookie] if answer.device else [])
