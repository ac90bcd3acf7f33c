"""A passkey: a key pair whose private half never leaves its owner's authenticator."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from domain.shared.errors import InvalidInputError
from domain.shared.ids import PasskeyId, UserId
from domain.shared.text import has_forbidden_characters, normalise

MAX_PASSKEYS = 20
MAX_PASSKEY_NAME = 80
CHALLENGE_LIFETIME = timedelta(minutes=5)

# Ed25519, ECDSA with P-256 and RSA with SHA-256, by their numbers in COSE (RFC 9053).
ALGORITHMS = (-8, -7, -257)

_DEFAULT_PORTS = {"http": 80, "https": 443}


class RelyingParty(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks for passkeys: the host name they are bound to, and the one origin of its pages."""

    id: str
    name: str
    origin: str

    @classmethod
    def at(cls, public_url: str, name: str) -> "RelyingParty":
        """The service at ``public_url``, spelled as browsers spell an origin (RFC 6454)."""
        parts = urlsplit(public_url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        named = parts.port not in {None, _DEFAULT_PORTS.get(parts.scheme)}
        return cls(
            id=host,
            name=name,
            origin=f"{parts.scheme}://{host}" + (f":{parts.port}" if named else ""),
        )


class PublicKey(msgspec.Struct, frozen=True, kw_only=True):
    """What an authenticator tells of a key pair that it has just made.

    ``public_key`` is in COSE; ``backup_eligible`` keys may be copied to other devices of their
    owner, and ``backed_up`` says whether they have been.
    """

    credential_id: bytes
    public_key: bytes
    sign_count: int
    backup_eligible: bool
    backed_up: bool


class Passkey(msgspec.Struct, frozen=True, kw_only=True):
    """One passkey of somebody.

    ``suspected_at`` marks one whose counter went backwards: somebody may hold a copy, so it
    signs nobody in any more until its owner removes it.
    """

    id: PasskeyId
    user_id: UserId
    key: PublicKey
    transports: tuple[str, ...]
    name: str
    created_at: datetime
    last_used_at: datetime | None = None
    suspected_at: datetime | None = None


def parse_passkey_name(text: str) -> str:
    """A name to tell passkeys apart by: 1 to 80 characters without controls."""
    name = normalise(text)
    if not 1 <= len(name) <= MAX_PASSKEY_NAME or has_forbidden_characters(name):
        raise InvalidInputError.of(
            "name", f"expected 1 to {MAX_PASSKEY_NAME} characters without controls"
        )
    return name


def user_handle(user_id: UserId) -> bytes:
    """What an authenticator keeps of its owner: sixteen bytes that say nothing by themselves."""
    return user_id.bytes


def read_user_handle(handle: bytes | None) -> UserId | None:
    """Whose handle it is; nobody's unless it is one of ours."""
    return UserId(UUID(bytes=handle)) if handle is not None and len(handle) == 16 else None
