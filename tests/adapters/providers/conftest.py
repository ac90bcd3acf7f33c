"""Providers on loopback, and adapters that talk to them."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest

from adapters.providers.oidc import OidcProvider
from adapters.providers.outbound import Outbound
from application.accounts.providers import ProviderKind, ProviderRegistration
from tests.fakes.shared import FakeClock
from tests.providers.openid_provider import OpenIdProvider

REDIRECT_URI = "https://music.example.org/api/v1/auth/providers/loopback/callback"


@pytest.fixture
def anyio_backend() -> str:
    """The only event loop that the service runs on."""
    return "asyncio"


@pytest.fixture
def issuer() -> Iterator[OpenIdProvider]:
    """An OpenID provider."""
    with OpenIdProvider() as provider:
        provider.redirect_uri = REDIRECT_URI
        yield provider


@pytest.fixture
async def outbound() -> AsyncIterator[Outbound]:
    """Calls as the service makes them."""
    outbound = Outbound()
    yield outbound
    await outbound.aclose()


@pytest.fixture
def clock() -> FakeClock:
    """The true time, standing still: the provider signs with it."""
    return FakeClock(datetime.now(UTC))


def registration(issuer: OpenIdProvider) -> ProviderRegistration:
    """How we are known there."""
    return ProviderRegistration(
        name="loopback",
        kind=ProviderKind.OIDC,
        issuer=issuer.url,
        client_id=issuer.client_id,
        client_secret=issuer.client_secret,
        scopes=("openid", "email", "profile"),
    )


@pytest.fixture
def provider(issuer: OpenIdProvider, outbound: Outbound, clock: FakeClock) -> OidcProvider:
    """The adapter that talks to ``issuer``."""
    return OidcProvider(registration(issuer), REDIRECT_URI, outbound, clock)
