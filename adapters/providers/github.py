"""GitHub: OAuth 2.0 with PKCE, and its own API in place of an ID token."""

import msgspec
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from adapters.providers.id_token import refused
from adapters.providers.outbound import Outbound, read_answer
from application.accounts.providers import ProviderRegistration, WayBack, WayOut
from domain.accounts.identity import ProviderIdentity

GITHUB = "https://github.com"


class _Token(msgspec.Struct, frozen=True, kw_only=True):
    """The token endpoint's answer; a refusal comes with status 200 and without a token."""

    access_token: str | None = None

    def __repr__(self) -> str:
        return "_Token(…)"


class _User(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of ``/user``; the id stays when somebody takes another login."""

    id: int
    name: str | None = None


class _Email(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of ``/user/emails``."""

    email: str
    primary: bool
    verified: bool


class GitHubProvider:
    """``IdentityProvider`` for github.com, or for a GitHub Enterprise Server as the issuer."""

    def __init__(
        self, registration: ProviderRegistration, redirect_uri: str, outbound: Outbound
    ) -> None:
        self._registration = registration
        self._redirect_uri = redirect_uri
        self._outbound = outbound
        issuer = registration.issuer
        self._login = f"{issuer}/login/oauth"
        self._api = "https://api.github.com" if issuer == GITHUB else f"{issuer}/api/v3"

    async def authorization_address(self, way: WayOut, /) -> str:
        """The authorization request; GitHub knows no nonce."""
        return str(
            prepare_grant_uri(
                f"{self._login}/authorize",
                self._registration.client_id,
                "code",
                redirect_uri=self._redirect_uri,
                scope=list(self._registration.scopes),
                state=way.state,
                code_challenge=create_s256_code_challenge(way.verifier),
                code_challenge_method="S256",
            )
        )

    async def exchange(self, way: WayBack, /) -> ProviderIdentity:
        """A token, used for two questions and thrown away."""
        if way.issuer not in {None, self._registration.issuer, self._login}:
            raise refused()
        async with self._outbound.bounded():
            token = await self._redeem(way)
            user = read_answer(await self._outbound.get(f"{self._api}/user", token=token), _User)
            emails = read_answer(
                await self._outbound.get(f"{self._api}/user/emails", token=token), list[_Email]
            )
        primary = next((email for email in emails if email.primary), None)
        return ProviderIdentity(
            issuer=self._registration.issuer,
            subject=str(user.id),
            email=primary.email if primary else None,
            email_verified=primary is not None and primary.verified,
            name=user.name,
        )

    async def _redeem(self, way: WayBack) -> str:
        answer = await self._outbound.post_form(
            f"{self._login}/access_token",
            {
                "grant_type": "authorization_code",
                "client_id": self._registration.client_id,
                "client_secret": self._registration.client_secret,
                "code": way.code,
                "redirect_uri": self._redirect_uri,
                "code_verifier": way.verifier,
            },
        )
        if 400 <= answer.status < 500:
            raise refused()
        token = read_answer(answer, _Token).access_token
        if not token:
            raise refused()
        return token
