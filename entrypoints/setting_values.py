"""What settings are made of: how each kind of value is read from text."""

from collections.abc import Callable
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

MIN_SECRET_BYTES = 32


class Mode(StrEnum):
    """Who the process serves: its developer, or people."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Secret(msgspec.Struct, frozen=True, kw_only=False):
    """Bytes that must not be seen: not in a repr, a log line or an error."""

    value: bytes

    def __repr__(self) -> str:
        return "Secret(…)"


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One setting: its path, the variable it is read from, and what it does."""

    path: str
    variable: str
    default: str | None
    meaning: str
    parse: Callable[[str], object]


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number within bounds."""

    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ValueError(f"expected a whole number from {low} to {high}")
        return int(text)

    return parse


def mode(text: str) -> Mode:
    """A mode by its name."""
    if text not in Mode.__members__.values():
        raise ValueError(f"expected {' or '.join(Mode)}")
    return Mode(text)


def url(*schemes: str) -> Callable[[str], object]:
    """An address with one of these schemes; it may hold a password."""

    def parse(text: str) -> Secret:
        if urlsplit(text).scheme not in schemes:
            raise ValueError(f"expected an address that starts with {' or '.join(schemes)}")
        return Secret(text.encode())

    return parse


def origin(text: str) -> str:
    """A web origin, exactly."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError("expected an origin such as https://music.example.org")
    if parts.query or parts.fragment or parts.username or "*" in text:
        raise ValueError("expected an exact origin, without wildcards, user, query or fragment")
    return text.rstrip("/")


def origins(text: str) -> tuple[str, ...]:
    """Web origins with commas between."""
    return tuple(origin(part.strip()) for part in text.split(",") if part.strip())


def secret(text: str) -> Secret:
    """Random text that is long enough."""
    value = text.encode()
    if len(value) < MIN_SECRET_BYTES:
        raise ValueError(f"expected at least {MIN_SECRET_BYTES} bytes of random text")
    return Secret(value)


def host(text: str) -> str:
    """Something to listen on."""
    if not text or any(char.isspace() or char == "/" for char in text):
        raise ValueError("expected an address to listen on, such as 127.0.0.1 or 0.0.0.0")
    return text
