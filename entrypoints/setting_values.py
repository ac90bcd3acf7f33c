"""What settings are made of: how each kind of value is read from text."""

import re
from collections.abc import Callable
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from domain.accounts.attempts import AttemptLimit
from domain.shared.keyring import MIN_SECRET_BYTES

_RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")


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


def collector(text: str) -> str:
    """The base address of a collector of traces, or nothing."""
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query):
        raise ValueError("expected an address such as http://localhost:4318")
    return text.rstrip("/")


def folder(text: str) -> Path | None:
    """A folder that is there, or nothing."""
    if text and not Path(text).is_dir():
        raise ValueError("expected a folder that is there")
    return Path(text) if text else None


def networks(text: str) -> tuple[str, ...]:
    """Networks in CIDR notation with commas between."""
    try:
        return tuple(str(ip_network(part.strip())) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise ValueError("expected networks such as 10.0.0.0/8, fd00::/8 or 192.0.2.7") from error


def limits(text: str) -> tuple[AttemptLimit, ...]:
    """``attempts/seconds`` with commas between, shortest window first."""
    found = []
    for part in text.split(","):
        attempts, _, seconds = part.strip().partition("/")
        try:
            found.append(
                AttemptLimit(
                    attempts=whole(1, 1_000_000)(attempts), seconds=whole(1, 604_800)(seconds)
                )
            )
        except ValueError as error:
            raise ValueError(
                "expected requests/seconds such as 100/60,1000/3600, up to 1000000/604800"
            ) from error
    if len({limit.seconds for limit in found}) < len(found):
        raise ValueError("expected each number of seconds once")
    return tuple(sorted(found, key=lambda limit: limit.seconds))


def pooler(text: str) -> bool:
    """Whether a pooler gives each transaction another session of the server."""
    if text not in {"", "transaction"}:
        raise ValueError("expected transaction, or nothing where there is no pooler")
    return text == "transaction"


def role(text: str) -> str:
    """The name of a role of PostgreSQL."""
    if len(text.encode()) > 63 or not text.isprintable():
        raise ValueError("expected the name of a role of PostgreSQL")
    return text


def recipients(text: str) -> tuple[str, ...]:
    """Public keys of age with commas between."""
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not all(_RECIPIENT.fullmatch(each) for each in found):
        raise ValueError(
            "expected public keys such as age1…, which `nodrake backup key` and age-keygen print"
        )
    return found
