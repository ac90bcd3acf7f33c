"""How an API token is written: ``ndh_<environment>_<id>_<secret>_<checksum>``.

People, secret scanners and this service can tell without a database what it is, and whether it
was copied in full.
"""

import hashlib
import re
import zlib
from enum import StrEnum
from uuid import UUID

import msgspec

from domain.accounts.errors import AuthenticationRequiredError
from domain.shared.ids import ApiTokenId

BEGINNING = "ndh_"

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# Bits, and how many digits hold them.
_ID = 128, 22
_SECRET = 256, 43
_CHECKSUM = 32, 6
_FORM = re.compile(r"ndh_(live|dev)_([0-9A-Za-z]{22})_([0-9A-Za-z]{43})_([0-9A-Za-z]{6})")


class TokenEnvironment(StrEnum):
    """Which kind of deployment a token was given out by; no other kind takes it."""

    LIVE = "live"
    DEV = "dev"


class ApiTokenText(msgspec.Struct, frozen=True, kw_only=True):
    """A token as its holder has it."""

    environment: TokenEnvironment
    token_id: ApiTokenId
    secret: str

    @classmethod
    def of(
        cls, environment: TokenEnvironment, token_id: ApiTokenId, secret: bytes
    ) -> "ApiTokenText":
        """A token whose secret are these 256 random bits."""
        written = _written(int.from_bytes(secret, "big"), _SECRET)
        return cls(environment=environment, token_id=token_id, secret=written)

    @classmethod
    def parse(cls, text: str) -> "ApiTokenText":
        """Read what somebody presents; the refusal of ``refused`` for all that is not a token."""
        match = _FORM.fullmatch(text)
        if match is None:
            raise refused()
        environment, identifier, secret, checksum = match.groups()
        token_id = _read(identifier)
        if (
            checksum != _checksum(text[: -len(checksum) - 1])
            or token_id.bit_length() > _ID[0]
            or _read(secret).bit_length() > _SECRET[0]
        ):
            raise refused()
        return cls(
            environment=TokenEnvironment(environment),
            token_id=ApiTokenId(UUID(int=token_id)),
            secret=secret,
        )

    @property
    def prefix(self) -> str:
        """What comes before the secret, and may be seen."""
        return f"{BEGINNING}{self.environment}_{_written(self.token_id.int, _ID)}"

    @property
    def text(self) -> str:
        """All of it, for its holder alone."""
        body = f"{self.prefix}_{self.secret}"
        return f"{body}_{_checksum(body)}"

    @property
    def last_four(self) -> str:
        """How the text ends, by which its holder can tell which one it is."""
        return self.text[-4:]

    @property
    def digest(self) -> bytes:
        """SHA-256 of the secret, which is all that is kept of it: 256 bits need nothing slower."""
        return hashlib.sha256(self.secret.encode()).digest()

    def __repr__(self) -> str:
        return f"ApiTokenText({self.prefix}_…)"


def refused() -> AuthenticationRequiredError:
    """The one answer to every token that is not good, whatever is wrong with it."""
    return AuthenticationRequiredError("The API token is not valid, has expired or was revoked.")


def _checksum(body: str) -> str:
    return _written(zlib.crc32(body.encode()), _CHECKSUM)


def _written(number: int, size: tuple[int, int]) -> str:
    digits = []
    for _ in range(size[1]):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))


def _read(digits: str) -> int:
    number = 0
    for digit in digits:
        number = number * len(_DIGITS) + _DIGITS.index(digit)
    return number
