"""Access tokens: JWTs signed with Ed25519 (RFC 9068, RFC 9864), checked as RFC 8725 asks."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from adapters.security.derived_keys import PurposeKeys, PurposeKeySource
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


class _Keys:
    """The signing keys of one moment, by their ids, and the tokens that were seen under them."""

    def __init__(self, seeds: PurposeKeys) -> None:
        self.seeds = seeds
        keys = [_key(seed) for seed in seeds.accepted]
        self.by_kid = {key.thumbprint(): key for key in keys}
        self.current_kid = keys[0].thumbprint()
        self.verified: OrderedDict[str, _Claims] = OrderedDict()


class Ed25519AccessTokens:
    """``AccessTokens``: signed with the current key, verified with the one that ``kid`` names.

    Seeds of 32 bytes give the keys. When they change, what was remembered of tokens is forgotten
    with the keys: a token under a key that is gone is refused at once.
    """

    def __init__(self, seeds: PurposeKeySource, issuer: str) -> None:
        self._seeds = seeds
        self._issuer = issuer
        self._known: _Keys | None = None

    def issue(self, claims: AccessClaims, now: datetime, /) -> str:
        """Sign for ten minutes."""
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
        keys = self._keys()
        header = {"alg": _ALGORITHM, "kid": keys.current_kid, "typ": _TYPE}
        key = keys.by_kid[keys.current_kid]
        return jws.serialize_compact(
            header, msgspec.json.encode(payload), key, algorithms=[_ALGORITHM]
        )

    def verify(self, token: str, now: datetime, /) -> AccessClaims:
        """Check form, key, signature and claims; a token seen before only its times."""
        keys = self._keys()
        claims = keys.verified.get(token)
        if claims is None:
            claims = self._read(token, keys.by_kid)
        time = now.timestamp()
        if not (
            max(claims.iat, claims.nbf) - _LEEWAY_SECONDS <= time < claims.exp + _LEEWAY_SECONDS
        ):
            raise _refused()
        if token not in keys.verified:
            keys.verified[token] = claims
            if len(keys.verified) > _REMEMBERED:
                keys.verified.popitem(last=False)
        return AccessClaims(user_id=UserId(claims.sub), session_id=SessionId(claims.sid))

    def key_set(self) -> dict[str, object]:
        """The public keys: the current one, the next, those before."""
        return {
            "keys": [
                {**key.as_dict(private=False), "kid": kid, "use": "sig", "alg": _ALGORITHM}
                for kid, key in self._keys().by_kid.items()
            ]
        }

    def _keys(self) -> _Keys:
        seeds = self._seeds()
        if self._known is None or self._known.seeds is not seeds:
            self._known = _Keys(seeds)
        return self._known

    def _read(self, token: str, keys: Mapping[str, OKPKey]) -> _Claims:
        if len(token) > _LONGEST or token.count(".") != 2 or not token.isascii():
            raise _refused()
        try:
            header = msgspec.json.decode(_decoded(token.partition(".")[0]), type=_Header)
            key = keys.get(header.kid)
            if header.alg != _ALGORITHM or header.typ != _TYPE or key is None:
                raise _refused()
            signed = jws.deserialize_compact(token, key, algorithms=[_ALGORITHM])
            claims = msgspec.json.decode(signed.payload, type=_Claims)
        except (JoseError, ValueError) as error:
            raise _refused() from error
        if claims.iss != self._issuer or claims.aud != self._issuer:
            raise _refused()
        return claims


def _key(seed: bytes) -> OKPKey:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return OKPKey.import_key(pem)


def _decoded(part: str) -> bytes:
    # Only the canonical spelling of a part is read: no padding, no stray bits (RFC 4648, 3.5).
    value = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if urlsafe_b64encode(value).rstrip(b"=").decode() != part:
        raise ValueError("not canonical base64url")
    return value


def _refused() -> AuthenticationRequiredError:
    return AuthenticationRequiredError("The access token is not valid; refresh it or sign in.")
