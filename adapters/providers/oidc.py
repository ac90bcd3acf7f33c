"""OpenID Connect, with any issuer, found by discovery."""

from urllib.parse import quote, urlsplit

import msgspec
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from adapters.providers.id_token import IdTokenClaims, has_key, read_header, read_id_token, refused
from adapters.providers.kept import Kept
from adapters.providers.outbound import Outbound, read_answer, unavailable
from application.accounts.providers import ProviderRegistration, WayBack, WayOut
from application.shared.ports import Clock
from domain.accounts.identity import ProviderIdentity

_LONGEST_TEXT = 512


class _Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of a discovery document."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class _Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of the token endpoint's answer."""

    id_token: str
    access_token: str | None = None

    def __repr__(self) -> str:
        return "_Tokens(…)"


class _UserInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of the userinfo endpoint's answer."""

    sub: str
    email: str | None = None
    email_verified: bool | str | None = None
    name: str | None = None


class OidcProvider:
    """``IdentityProvider`` over OpenID Connect: code flow, PKCE with S256, a nonce."""

    def __init__(
        self,
        registration: ProviderRegistration,
        redirect_uri: str,
        outbound: Outbound,
        clock: Clock,
    ) -> None:
        self._registration = registration
        self._redirect_uri = redirect_uri
        self._outbound = outbound
        self._clock = clock
        self._metadata = Kept(self._discover, clock)
        self._keys = Kept(self._fetch_keys, clock)

    async def authorization_address(self, way: WayOut, /) -> str:
        """The authorization request (RFC 6749 section 4.1.1, RFC 7636 section 4.3)."""
        async with self._outbound.bounded():
            metadata = await self._metadata.get()
        return str(
            prepare_grant_uri(
                metadata.authorization_endpoint,
                self._registration.client_id,
                "code",
                redirect_uri=self._redirect_uri,
                scope=list(self._registration.scopes),
                state=way.state,
                nonce=way.nonce,
                code_challenge=create_s256_code_challenge(way.verifier),
                code_challenge_method="S256",
            )
        )

    async def exchange(self, way: WayBack, /) -> ProviderIdentity:
        """The token request, and every check of what it answers."""
        async with self._outbound.bounded():
            metadata = await self._metadata.get()
            self._check_issuer(way.issuer, metadata)
            tokens = await self._redeem(way, metadata)
            header = read_header(tokens.id_token)
            claims = read_id_token(
                tokens.id_token,
                await self._keys.get(lambda keys: has_key(keys, header)),
                issuer=self._registration.issuer,
                client_id=self._registration.client_id,
                nonce=way.nonce,
                access_token=tokens.access_token,
                now=self._clock(),
            )
            said = await self._said(claims, tokens, metadata)
        return ProviderIdentity(
            issuer=claims.iss,
            subject=claims.sub,
            email=_bounded(said.email),
            email_verified=said.email_verified is True,
            name=_bounded(said.name),
        )

    def _check_issuer(self, issuer: str | None, metadata: _Metadata) -> None:
        """RFC 9207 section 2.4: compared where sent, missed where promised."""
        missing = issuer is None and metadata.authorization_response_iss_parameter_supported
        if missing or (issuer is not None and issuer != self._registration.issuer):
            raise refused()

    async def _redeem(self, way: WayBack, metadata: _Metadata) -> _Tokens:
        client_id, secret = self._registration.client_id, self._registration.client_secret
        form = {
            "grant_type": "authorization_code",
            "code": way.code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": way.verifier,
        }
        if "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
            basic = (quote(client_id, safe=""), quote(secret, safe=""))  # RFC 6749, 2.3.1
            answer = await self._outbound.post_form(metadata.token_endpoint, form, basic=basic)
        else:
            form |= {"client_id": client_id, "client_secret": secret}
            answer = await self._outbound.post_form(metadata.token_endpoint, form)
        if 400 <= answer.status < 500:
            raise refused()
        return read_answer(answer, _Tokens)

    async def _said(
        self, claims: IdTokenClaims, tokens: _Tokens, metadata: _Metadata
    ) -> IdTokenClaims | _UserInfo:
        """The claims; or what userinfo adds, under a token that the ID token vouches for."""
        vouched = not isinstance(claims.at_hash, msgspec.UnsetType)
        if claims.email or not vouched or not metadata.userinfo_endpoint:
            return claims
        answer = await self._outbound.get(metadata.userinfo_endpoint, token=tokens.access_token)
        info = read_answer(answer, _UserInfo)
        if info.sub != claims.sub:  # OpenID Connect Core 5.3.2
            raise refused()
        return info

    async def _discover(self) -> _Metadata:
        issuer = self._registration.issuer
        answer = await self._outbound.get(issuer.rstrip("/") + "/.well-known/openid-configuration")
        metadata = read_answer(answer, _Metadata)
        addresses = [
            metadata.authorization_endpoint,
            metadata.token_endpoint,
            metadata.jwks_uri,
            *([metadata.userinfo_endpoint] if metadata.userinfo_endpoint else []),
        ]
        scheme = urlsplit(issuer).scheme
        if metadata.issuer != issuer or any(urlsplit(a).scheme != scheme for a in addresses):
            raise unavailable()
        return metadata

    async def _fetch_keys(self) -> KeySet:
        metadata = await self._metadata.get()
        answer = await self._outbound.get(metadata.jwks_uri)
        return key_set(read_answer(answer, dict[str, object]))


def key_set(document: dict[str, object]) -> KeySet:
    """The public keys that are understood; others may be there for others (RFC 7517, 5)."""
    entries = document.get("keys")
    keys = []
    for entry in entries if isinstance(entries, list) else []:
        try:
            if entry.get("kty") != "oct" and "d" not in entry:
                keys += KeySet.import_key_set({"keys": [entry]}).keys
        except (JoseError, ValueError, TypeError, AttributeError, KeyError):
            continue
    if not keys:
        raise unavailable()
    return KeySet(keys)


def _bounded(text: str | None) -> str | None:
    return None if text is None else text[:_LONGEST_TEXT].replace("\0", "")
