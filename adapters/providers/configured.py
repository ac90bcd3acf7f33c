"""The providers that the operator has registered."""

from collections.abc import Sequence

from adapters.providers.github import GitHubProvider
from adapters.providers.oidc import OidcProvider
from adapters.providers.outbound import Outbound
from application.accounts.providers import (
    IdentityProvider,
    ProviderKind,
    ProviderRegistration,
)
from application.shared.ports import Clock
from domain.accounts.provider_errors import ProviderNotFoundError


class ConfiguredProviders:
    """``IdentityProviders``; each has an address of its own to come back to (RFC 9700, 4.4)."""

    def __init__(
        self,
        registrations: Sequence[ProviderRegistration],
        public_url: str,
        outbound: Outbound,
        clock: Clock,
    ) -> None:
        self._outbound = outbound
        self._providers: dict[str, IdentityProvider] = {}
        for registration in registrations:
            redirect_uri = f"{public_url}/api/v1/auth/providers/{registration.name}/callback"
            self._providers[registration.name] = (
                GitHubProvider(registration, redirect_uri, outbound)
                if registration.kind is ProviderKind.GITHUB
                else OidcProvider(registration, redirect_uri, outbound, clock)
            )

    def names(self) -> tuple[str, ...]:
        """In the order of the settings."""
        return tuple(self._providers)

    def find(self, name: str, /) -> IdentityProvider:
        """By its name."""
        provider = self._providers.get(name)
        if provider is None:
            raise ProviderNotFoundError("Those that there are: /api/v1/auth/providers.")
        return provider

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._outbound.aclose()
