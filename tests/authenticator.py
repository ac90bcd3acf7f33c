"""An authenticator and its browser in software (WebAuthn Level 3), which can misbehave."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field, replace
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
Json = dict[str, Any]

PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


def to_text(octets: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def to_bytes(text: str) -> bytes:
    """What base64url without padding stands for."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def es256() -> PrivateKey:
    """A key pair on P-256."""
    return ec.generate_private_key(ec.SECP256R1())


def eddsa() -> PrivateKey:
    """A key pair on Curve25519."""
    return ed25519.Ed25519PrivateKey.generate()


def cose_key(key: PrivateKey) -> bytes:
    """The public half in COSE, in the canonical order of CTAP2."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        point = key.public_key().public_numbers()
        x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        n, e = numbers.n.to_bytes(key.key_size // 8, "big"), numbers.e.to_bytes(3, "big")
        return cbor2.dumps({1: 3, 3: -257, -1: n, -2: e})
    return cbor2.dumps({1: 1, 3: -8, -1: 6, -2: key.public_key().public_bytes_raw()})


def sign(key: PrivateKey, message: bytes) -> bytes:
    """A signature; ECDSA with the nonce of RFC 6979, so that it can be compared."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(message)


def authenticator_data(rp_id: str, flags: int, count: int, attested: bytes = b"") -> bytes:
    """Section 6.1."""
    return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + count.to_bytes(4) + attested


def attested_credential(aaguid: bytes, credential_id: bytes, public_key: bytes) -> bytes:
    """Section 6.5.1."""
    return aaguid + len(credential_id).to_bytes(2) + credential_id + public_key


def attestation_object(data: bytes, fmt: str = "none", statement: Json | None = None) -> bytes:
    """Section 6.5.4; without a statement unless there is one."""
    return cbor2.dumps({"fmt": fmt, "attStmt": statement or {}, "authData": data})


@dataclass(frozen=True, kw_only=True)
class Mischief:
    """How an answer is to be wrong; as it stands, it is right."""

    origin: str | None = None
    rp_id: str | None = None
    challenge: str | None = None
    type: str | None = None
    cross_origin: bool = False
    top_origin: str | None = None
    verified: bool = True
    present: bool = True
    backed_up: bool | None = None
    count: int | None = None
    other_key: bool = False
    tampered_client_data: bool = False
    other_credential_id: bool = False
    user_handle: bytes | None = None
    no_user_handle: bool = False
    fmt: str = "none"
    public_key: bytes | None = None


WELL = Mischief()


@dataclass(kw_only=True)
class Authenticator:
    """One device with at most one passkey for each account; ``copy`` is a stolen clone of it."""

    origin: str
    key: PrivateKey = field(default_factory=es256)
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    count: int = 0
    counts: bool = True
    eligible: bool = False
    user_handle: bytes = b""

    def copy(self) -> "Authenticator":
        """Somebody else's, with the same key and the same count."""
        return replace(self)

    def create(self, options: Json, wrong: Mischief = WELL) -> Json:
        """The answer of ``navigator.credentials.create``, as ``toJSON`` writes it."""
        self.user_handle = to_bytes(options["user"]["id"])
        client_data = self._client_data("webauthn.create", options, wrong)
        public_key = wrong.public_key or cose_key(self.key)
        credential_id = secrets.token_bytes(32) if wrong.other_credential_id else self.credential_id
        attested = attested_credential(bytes(16), credential_id, public_key)
        data = authenticator_data(
            wrong.rp_id or options["rp"]["id"], self._flags(wrong) | ATTESTED, self.count, attested
        )
        return self._answer(
            {
                "clientDataJSON": to_text(client_data),
                "attestationObject": to_text(attestation_object(data, wrong.fmt)),
                "authenticatorData": to_text(data),
                "transports": ["internal", "hybrid"],
                "publicKeyAlgorithm": -7,
            },
            {"credProps": {"rk": True}},
        )

    def get(self, options: Json, wrong: Mischief = WELL) -> Json:
        """The answer of ``navigator.credentials.get``, as ``toJSON`` writes it."""
        self.count += self.counts
        count = self.count if wrong.count is None else wrong.count
        client_data = self._client_data("webauthn.get", options, wrong)
        data = authenticator_data(wrong.rp_id or options["rpId"], self._flags(wrong), count)
        key = es256() if wrong.other_key else self.key
        signature = sign(key, data + hashlib.sha256(client_data).digest())
        if wrong.tampered_client_data:
            client_data = client_data.replace(b'"crossOrigin"', b'"crossorigin"')
        response = {
            "clientDataJSON": to_text(client_data),
            "authenticatorData": to_text(data),
            "signature": to_text(signature),
        }
        if not wrong.no_user_handle:
            response["userHandle"] = to_text(wrong.user_handle or self.user_handle)
        return self._answer(response, {})

    def _client_data(self, type: str, options: Json, wrong: Mischief) -> bytes:
        document = {
            "type": wrong.type or type,
            "challenge": wrong.challenge or options["challenge"],
            "origin": wrong.origin or self.origin,
            "crossOrigin": wrong.cross_origin,
        }
        if wrong.top_origin:
            document["topOrigin"] = wrong.top_origin
        return json.dumps(document, separators=(",", ":")).encode()

    def _flags(self, wrong: Mischief) -> int:
        backed_up = self.eligible if wrong.backed_up is None else wrong.backed_up
        return (
            PRESENT * wrong.present | VERIFIED * wrong.verified | (ELIGIBLE | BACKED_UP) * backed_up
        )

    def _answer(self, response: Json, extensions: Json) -> Json:
        return {
            "id": to_text(self.credential_id),
            "rawId": to_text(self.credential_id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": extensions,
            "response": response,
        }
