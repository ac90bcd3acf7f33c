"""ID tokens (OpenID Connect Core 3.1.3.7): every check, none of which an issuer can turn off."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

import msgspec
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from domain.accounts.provider_errors import ProviderSignInFailedError

# Asymmetric ones only: with HS256 whoever knows the public key, or the client secret, signs.
ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519",
    "EdDSA",
)  # fmt: skip
_HALF_HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}
_LONGEST = 16 * 1024
_LONGEST_SUBJECT = 255
_LEEWAY_SECONDS = 60
_OLDEST_SECONDS = 600

Key = RSAKey | ECKey | OKPKey


class IdTokenClaims(msgspec.Struct, frozen=True, kw_only=True):
    """The claims that are read, each of the type that it must have."""

    iss: str
    sub: str
    exp: int | float
    iat: int | float
    nonce: str
    at_hash: str | msgspec.UnsetType = msgspec.UNSET
    email: str | None = None
    email_verified: bool | str | None = None
    name: str | None = None

    def __repr__(self) -> str:
        return "IdTokenClaims(…)"


class IdTokenHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What the header is believed: which algorithm of ours, which key of the issuer's."""

    alg: str
    kid: str | None = None


def read_header(token: str) -> IdTokenHeader:
    """The header before any check of the signature; refused unless the algorithm is pinned."""
    if len(token) > _LONGEST or token.count(".") != 2 or not token.isascii():
        raise refused()
    part = token.partition(".")[0]
    try:
        decoded = urlsafe_b64decode(part + "=" * (-len(part) % 4))
        header = msgspec.json.decode(decoded, type=IdTokenHeader)
    except (ValueError, msgspec.MsgspecError) as error:
        raise refused() from error
    if header.alg not in ALGORITHMS:
        raise refused()
    return header


def has_key(keys: KeySet, header: IdTokenHeader) -> bool:
    """Whether the issuer's keys hold the one that the header names."""
    return bool(_candidates(keys, header))


def read_id_token(
    token: str,
    keys: KeySet,
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    access_token: str | None,
    now: datetime,
) -> IdTokenClaims:
    """What the issuer says; ``ProviderSignInFailedError`` unless every check holds."""
    header = read_header(token)
    candidates = _candidates(keys, header)
    if len(candidates) != 1:
        raise refused()
    try:
        registry = JWSRegistry(algorithms=list(ALGORITHMS))
        read = jwt.decode(token, candidates[0], algorithms=list(ALGORITHMS), registry=registry)
        claims = msgspec.convert(read.claims, IdTokenClaims)
        CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": issuer},
                "aud": {"essential": True, "value": client_id},
            },
            params={"nonce": nonce, "client_id": client_id},
        ).validate(now=int(now.timestamp()), leeway=_LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError, msgspec.MsgspecError) as error:
        raise refused() from error
    age = now.timestamp() - claims.iat
    if not (
        -_LEEWAY_SECONDS <= age <= _OLDEST_SECONDS
        and hmac.compare_digest(claims.nonce.encode(), nonce.encode())
        and _names_somebody(claims.sub)
        and _at_hash_holds(claims.at_hash, header.alg, access_token)
    ):
        raise refused()
    return claims


def _names_somebody(subject: str) -> bool:
    return 0 < len(subject) <= _LONGEST_SUBJECT and "\0" not in subject


def _at_hash_holds(at_hash: str | msgspec.UnsetType, alg: str, access_token: str | None) -> bool:
    """Whether the hash, if there is one, vouches for the access token (OIDC Core 3.1.3.6)."""
    if isinstance(at_hash, msgspec.UnsetType):
        return True
    if access_token is None:
        return False
    digest = _HALF_HASHES["512" if alg.startswith("Ed") else alg[2:]](
        access_token.encode()
    ).digest()
    expected = urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")
    return hmac.compare_digest(expected, at_hash.encode())


def _candidates(keys: KeySet, header: IdTokenHeader) -> list[Key]:
    """The keys that may have signed; without a ``kid`` there must be one of the kind only."""
    kind = {"R": RSAKey, "P": RSAKey, "E": OKPKey if header.alg.startswith("Ed") else ECKey}
    return [
        key
        for key in keys.keys
        if isinstance(key, kind[header.alg[0]])
        and key.get("use", "sig") == "sig"
        and key.get("alg", header.alg) == header.alg
        and (header.kid is None or key.kid == header.kid)
    ]


def refused() -> ProviderSignInFailedError:
    """One refusal for all: what exactly is wrong is nobody's business."""
    return ProviderSignInFailedError("Begin again; if it fails again, tell the operator.")
