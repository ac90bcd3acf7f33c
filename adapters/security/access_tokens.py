"""Access tokens: JWTs signed with Ed25519 (RFC 9068, RFC 9864), checked as RFC 8725 asks."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from application.accounts.ports import AccessClaims
from domain.accounts.errors import AuthenticationRequiredError
from domain.accounts.session import ACCESS_TOKEN_LIFETIME
from domain.shared.ids import SessionId, UserId

_ALGORITHM = "Ed25519"  # EdDSA by its fully specified name (RFC 9864)
_TYPE = "at+jwt"
_LONGEST = 4096
_LEEWAY_SECONDS = 30
_REMEMBERED = 4096


class _Claims(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Exactly the claims that we put into a token; no personal data beyond opaque ids."""

    iss: str
    aud: str
    sub: UUID
    sid: UUID
    jti: UUID
    iat: int
    nbf: int
    exp: int


class _Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Exactly the members of our header: jku, jwk, crit and their like are strangers."""

    alg: str
    kid: str
    typ: str


class Ed25519AccessTokens:
    """``AccessTokens`` under one key, which is derived from ``seed`` (32 bytes)."""

    def __init__(self, seed: bytes, issuer: str) -> None:
        private = Ed25519PrivateKey.from_private_bytes(seed)
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._key = OKPKey.import_key(pem)
        self._kid = self._key.thumbprint()
        self._issuer = issuer
        self._verified: OrderedDict[str, _Claims] = OrderedDict()

    def issue(self, claims: AccessClaims, now: datetime, /) -> str:
        """Sign for fifteen minutes."""
        issued_at = int(now.timestamp())
        payload = _Claims(
            iss=self._issuer,
            aud=self._issuer,
            sub=claims.user_id,
            sid=claims.session_id,
            jti=uuid4(),
            iat=issued_at,
            nbf=issued_at,
            exp=issued_at + int(ACCESS_TOKEN_LIFETIME.total_seconds()),
        )
        header = {"alg": _ALGORITHM, "kid": self._kid, "typ": _TYPE}
        return jws.serialize_compact(
            header, msgspec.json.encode(payload), self._key, algorithms=[_ALGORITHM]
        )

    def verify(self, token: str, now: datetime, /) -> AccessClaims:
        """Check form, key, signature and claims; a token seen before only its times."""
        claims = self._verified.get(token)
        if claims is None:
            claims = self._read(token)
        time = now.timestamp()
        if not (
            max(claims.iat, claims.nbf) - _LEEWAY_SECONDS <= time < claims.exp + _LEEWAY_SECONDS
        ):
            raise _refused()
        if token not in self._verified:
            self._verified[token] = claims
            if len(self._verified) > _REMEMBERED:
                self._verified.popitem(last=False)
        return AccessClaims(user_id=UserId(claims.sub), session_id=SessionId(claims.sid))

    def key_set(self) -> dict[str, object]:
        """One public key."""
        public = self._key.as_dict(private=False)
        return {"keys": [{**public, "kid": self._kid, "use": "sig", "alg": _ALGORITHM}]}

    def _read(self, token: str) -> _Claims:
        if len(token) > _LONGEST or token.count(".") != 2 or not token.isascii():
            raise _refused()
        try:
            header = msgspec.json.decode(_decoded(token.partition(".")[0]), type=_Header)
            if header.alg != _ALGORITHM or header.typ != _TYPE or header.kid != self._kid:
                raise _refused()
            signed = jws.deserialize_compact(token, self._key, algorithms=[_ALGORITHM])
            claims = msgspec.json.decode(signed.payload, type=_Claims)
        except (JoseError, ValueError) as error:
            raise _refused() from error
        if claims.iss != self._issuer or claims.aud != self._issuer:
            raise _refused()
        return claims


def _decoded(part: str) -> bytes:
    # Only the canonical spelling of a part is read: no padding, no stray bits (RFC 4648, 3.5).
    value = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if urlsafe_b64encode(value).rstrip(b"=").decode() != part:
        raise ValueError("not canonical base64url")
    return value


def _refused() -> AuthenticationRequiredError:
    return AuthenticationRequiredError("The access token is not valid; refresh it or sign in.")
