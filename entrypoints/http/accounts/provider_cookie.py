"""The cookie that ties a sign-in with a provider to the browser that began it."""

from typing import Any

from litestar import Request
from litestar.datastructures import Cookie

BROWSER_COOKIE = "__Host-nodrake-signin"


def browser_cookie(value: str, max_age: int) -> Cookie:
    """Sent along when the provider sends the browser back, and by no script."""
    return Cookie(
        key=BROWSER_COOKIE,
        value=value,
        max_age=max_age,
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )


def browser_secret_of(request: Request[Any, Any, Any]) -> str | None:
    """What came with the request."""
    return request.cookies.get(BROWSER_COOKIE)
