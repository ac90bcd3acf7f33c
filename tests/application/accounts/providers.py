"""A browser in the world of fakes that signs in with a provider."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from application.accounts.complete_provider_sign_in import SignInToComplete
from application.accounts.finish_provider_sign_in import Landing, ProviderAnswer
from application.accounts.second_factor_check import SecondFactorProof
from application.accounts.signed_in import SignedIn
from application.accounts.start_provider_link import LinkToStart
from application.accounts.start_provider_sign_in import SignInToStart
from tests.application.world import ORIGIN, World


@dataclass
class Browser:
    """What a browser keeps between the way out and the way back."""

    world: World
    secret: str | None = None
    state: str | None = None
    answered: dict[str, Any] = field(default_factory=dict)

    async def start(self, provider: str = "google", return_to: str | None = None) -> None:
        """Go to sign in."""
        started = await self.world.start_provider_sign_in(
            SignInToStart(provider=provider, return_to=return_to, origin=ORIGIN)
        )
        self._went(started.authorization_address, started.browser_secret)

    async def start_link(self, person: SignedIn, provider: str = "google") -> None:
        """Go to link."""
        claims = self.world.claims(person)
        started = await self.world.start_provider_link(
            LinkToStart(
                actor=claims.user_id,
                session_id=claims.session_id,
                provider=provider,
                return_to=None,
            )
        )
        self._went(started.authorization_address, started.browser_secret)

    async def come_back(self, provider: str = "google", **other: Any) -> Landing:
        """Land, with what the provider sends or ``other``."""
        answer = {"code": "code-1", "error": None, "issuer": None, "state": self.state, **other}
        return await self.world.finish_provider_sign_in(
            ProviderAnswer(provider=provider, browser_secret=self.secret, origin=ORIGIN, **answer)
        )

    async def complete(self, landing: Landing, **proof: str) -> SignedIn:
        """Ask for the tokens."""
        assert landing.code is not None, landing
        return await self.world.complete_provider_sign_in(
            SignInToComplete(
                code=landing.code,
                browser_secret=self.secret,
                second_factor=SecondFactorProof(**proof),
                origin=ORIGIN,
            )
        )

    async def sign_in(self, provider: str = "google") -> SignedIn:
        """All of it."""
        await self.start(provider)
        return await self.complete(await self.come_back(provider))

    def _went(self, address: str, secret: str) -> None:
        self.secret = secret
        self.state = parse_qs(urlsplit(address).query)["state"][0]


def says(world: World, provider: str = "google", **other: Any) -> None:
    """The provider says something else from now on."""
    fake = world.providers.by_name[provider]
    fake.says = msgspec.structs.replace(fake.says, **other)
