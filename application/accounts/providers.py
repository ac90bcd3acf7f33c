"""What the use cases of sign-in with a provider need from the providers."""

from enum import StrEnum
from typing import Protocol

import msgspec

from domain.accounts.identity import ProviderIdentity


class ProviderKind(StrEnum):
    """What a provider speaks."""

    OIDC = "oidc"  # OpenID Connect, found by discovery
    GITHUB = "github"  # OAuth 2.0 and GitHub's own API


class ProviderRegistration(msgspec.Struct, frozen=True, kw_only=True):
    """A provider that the operator has registered this service with; its secret is not shown."""

    name: str
    kind: ProviderKind
    issuer: str
    client_id: str
    client_secret: str
    scopes: tuple[str, ...]

    def __repr__(self) -> str:
        return f"ProviderRegistration(name={self.name!r}, issuer={self.issuer!r}, …)"


class WayOut(msgspec.Struct, frozen=True, kw_only=True):
    """The secrets of one way to a provider: what goes along, and what stays here until later.

    ``state`` and ``nonce`` go along; of ``verifier`` only its S256 challenge (RFC 7636).
    """

    state: str
    nonce: str
    verifier: str

    def __repr__(self) -> str:
        return "WayOut(…)"


class WayBack(msgspec.Struct, frozen=True, kw_only=True):
    """What came back from the provider, with the secrets that stayed here.

    ``issuer`` is the ``iss`` of RFC 9207 where the provider sent one.
    """

    code: str
    issuer: str | None
    nonce: str
    verifier: str

    def __repr__(self) -> str:
        return "WayBack(…)"


class IdentityProvider(Protocol):
    """Somebody else who knows who people are.

    Every call ends within ten seconds. What the provider says of errors is neither told nor
    logged: it may quote a secret.
    """

    async def authorization_address(self, way: WayOut, /) -> str:
        """Where the browser goes to sign in; ``ProviderUnavailableError``."""
        ...

    async def exchange(self, way: WayBack, /) -> ProviderIdentity:
        """Who has signed in, checked completely.

        ``ProviderSignInFailedError`` for anything that does not prove it, before any call if the
        answer is another issuer's; ``ProviderUnavailableError`` where no answer can be had.
        """
        ...


class IdentityProviders(Protocol):
    """The providers that are set up here."""

    def names(self) -> tuple[str, ...]:
        """All of them, as the operator ordered them."""
        ...

    def find(self, name: str, /) -> IdentityProvider:
        """One of them; ``ProviderNotFoundError``."""
        ...


class Pause(Protocol):
    """A wait that takes no thread."""

    async def __call__(self, seconds: float, /) -> None:
        """Come back after so long."""
        ...
