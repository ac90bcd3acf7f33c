"""How a refresh token reaches its holder."""

from enum import StrEnum


class Delivery(StrEnum):
    """In the answer's body, for API clients; or in a cookie, for browsers."""

    BODY = "body"
    COOKIE = "cookie"
