"""The cookie by which a device is known at its next sign-in."""

from typing import Any

from litestar import Request
from litestar.datastructures import Cookie

from application.accounts.signed_in import SignedIn

DEVICE_COOKIE = "__Host-nodrake-device"
_A_YEAR = 365 * 24 * 3600


def device_of(request: Request[Any, Any, Any]) -> str | None:
    """The token that came with the request."""
    return request.cookies.get(DEVICE_COOKIE)


def device_cookies(answer: SignedIn) -> list[Cookie]:
    """The token for the next sign-in, as a cookie that scripts cannot read."""
    if answer.device is None:
        return []
    return [
        Cookie(
            key=DEVICE_COOKIE,
            value=answer.device,
            max_age=_A_YEAR,
            path="/",
            secure=True,
            httponly=True,
            samesite="strict",
        )
    ]
