"""A hand that writes tokens of any form, with the service's own key where that is asked."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.security.access_tokens import Ed25519AccessTokens
from adapters.security.derived_keys import PurposeKeys

SEED = bytes(range(32))
ISSUER = "https://nodrake.example.org"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
USER = UUID("01890000-0000-7000-8000-000000000001")
SESSION = UUID("01890000-0000-7000-8000-000000000002")
TOKEN_ID = UUID("01890000-0000-7000-8000-000000000003")

KEY = Ed25519PrivateKey.from_private_bytes(SEED)
PUBLIC_RAW = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
PUBLIC_PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
PUBLIC_DER = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


SEEDS = PurposeKeys(current=SEED, others=(b"next" * 8, b"previous" * 4))


def tokens(seeds: PurposeKeys = SEEDS) -> Ed25519AccessTokens:
    """The subject with a key, the next and a previous one, and with nothing remembered."""
    return Ed25519AccessTokens(lambda: seeds, ISSUER)


def public_jwk() -> dict[str, Any]:
    """The subject's public key as it publishes it."""
    keys = tokens().key_set()["keys"]
    assert isinstance(keys, list)
    key: dict[str, Any] = keys[0]
    return key


HEADER: dict[str, Any] = {
    "alg": public_jwk()["alg"],
    "kid": public_jwk()["kid"],
    "typ": "at+jwt",
}
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": ISSUER,
    "sub": str(USER),
    "sid": str(SESSION),
    "jti": str(TOKEN_ID),
    "iat": int(NOW.timestamp()),
    "nbf": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 600,
}


def base64url(value: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def part(value: object) -> str:
    """A header or payload from anything that JSON can hold, or from raw bytes."""
    return base64url(value if isinstance(value, bytes) else json.dumps(value).encode())


def signed(header: object, claims: object, key: Ed25519PrivateKey = KEY) -> str:
    """A token with a right signature over whatever header and claims are given."""
    message = f"{part(header)}.{part(claims)}"
    return f"{message}.{base64url(key.sign(message.encode()))}"


def without(values: dict[str, Any], name: str) -> dict[str, Any]:
    """The same without one member."""
    return {key: value for key, value in values.items() if key != name}
