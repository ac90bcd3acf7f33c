"""Secrets that work once: where they come from, and the codes that the operator gives out."""

from datetime import datetime
from typing import Protocol

import msgspec

from domain.shared.ids import UserId


class OneTimeSecret(msgspec.Struct, frozen=True, kw_only=True):
    """A secret that works once, and the SHA-256 digest that is kept of it."""

    secret: str
    digest: bytes

    def __repr__(self) -> str:
        return "OneTimeSecret(…)"


class OneTimeSecrets(Protocol):
    """Secrets for links, codes and tokens, long enough that a plain SHA-256 keeps them."""

    def for_link(self) -> OneTimeSecret:
        """256 random bits in base64url, to be followed."""
        ...

    def for_typing(self) -> OneTimeSecret:
        """120 random bits as 24 letters and digits in groups, to be written down."""
        ...

    def digest(self, secret: str, /) -> bytes:
        """What is kept of a secret that somebody presents; groups and case do not matter."""
        ...


class AdminCodeRepository(Protocol):
    """Codes that an operator gives out on the command line."""

    async def add(self, digest: bytes, now: datetime, expires_at: datetime, /) -> None:
        """Keep a new code."""
        ...

    async def use(self, digest: bytes, user_id: UserId, now: datetime, /) -> bool:
        """Use a code up; whether it was there, unused and not expired. One statement."""
        ...
