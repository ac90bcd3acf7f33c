"""What the use cases of the second factor need from the outside."""

from datetime import datetime
from typing import Protocol

import msgspec

from domain.shared.ids import UserId

RECOVERY_CODES = 10


def secret_place(user_id: UserId) -> str:
    """Where a person's TOTP secret is kept, which its encryption is bound to."""
    return f"user_totp/{user_id}/secret"


class Totp(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's second factor as it is kept: the sealed secret, and whether it counts already."""

    secret_sealed: bytes
    created_at: datetime
    confirmed: bool


class TotpRepository(Protocol):
    """Second factors, at most one for each person."""

    async def start(self, user_id: UserId, secret_sealed: bytes, now: datetime, /) -> bool:
        """Keep a secret that waits for its first code, in place of another that waits.

        ``False``, and nothing changed, where one is confirmed already.
        """
        ...

    async def find(self, user_id: UserId, /) -> Totp | None:
        """The factor, confirmed or waiting."""
        ...

    async def confirm(self, user_id: UserId, step: int, now: datetime, /) -> bool:
        """Make the waiting factor count, its code of ``step`` being used; whether one waited."""
        ...

    async def use(self, user_id: UserId, step: int, /) -> bool:
        """Use up the code of ``step`` and all before it: one conditional statement.

        Of any number of callers with one code exactly one gets ``True`` (RFC 6238 section 5.2).
        """
        ...

    async def remove(self, user_id: UserId, /) -> bool:
        """Take the factor away; whether one was confirmed."""
        ...


class RecoveryCodeRepository(Protocol):
    """Digests of the codes that each person was given."""

    async def replace(self, user_id: UserId, digests: list[bytes], now: datetime, /) -> None:
        """Keep these and void all others; none to void them all."""
        ...

    async def use(self, user_id: UserId, digest: bytes, now: datetime, /) -> bool:
        """Use a code up: of any number of callers with one code exactly one gets ``True``."""
        ...

    async def remaining(self, user_id: UserId, /) -> int:
        """How many are unused."""
        ...


class TotpCodes(Protocol):
    """Time-based one-time passwords (RFC 6238): SHA-1, six digits, thirty seconds."""

    def new_secret(self) -> str:
        """160 random bits in base32."""
        ...

    def uri(self, secret: str, account: str, /) -> str:
        """The ``otpauth:`` address that an authenticator reads."""
        ...

    def picture(self, uri: str, /) -> str:
        """The address as a QR code, in SVG."""
        ...

    def step(self, secret: str, code: str, now: datetime, /) -> int | None:
        """Which step ``code`` belongs to: this one or the one before; ``None`` for neither."""
        ...
