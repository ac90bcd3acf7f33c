"""Begin to sign in with a provider."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.attempt_start import AttemptStart, StartedSignIn
from application.accounts.attempts import admit
from application.accounts.providers import IdentityProviders
from application.accounts.throttling import AttemptThrottle
from domain.accounts.attempts import PROVIDER_START_LIMIT
from domain.shared.network import network_of
from domain.shared.origin import Origin


class SignInToStart(msgspec.Struct, frozen=True, kw_only=True):
    """A provider, and where in the web app to go on afterwards."""

    provider: str
    return_to: str | None
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class StartProviderSignIn:
    """An address for the browser, and a secret that binds the way back to it."""

    providers: IdentityProviders
    throttle: AttemptThrottle
    start: AttemptStart

    async def __call__(self, command: SignInToStart, /) -> StartedSignIn:
        """``ProviderNotFoundError``, ``TooManyAttemptsError`` or ``ProviderUnavailableError``."""
        self.providers.find(command.provider)
        subject = f"provider-start:{network_of(command.origin.address)}"
        await admit(self.throttle, subject, [PROVIDER_START_LIMIT])
        return await self.start(command.provider, command.return_to)
