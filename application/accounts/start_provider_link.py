"""Begin to link an identity at a provider to one's account."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.attempt_start import AttemptStart, StartedSignIn
from application.accounts.attempts import admit
from application.accounts.providers import IdentityProviders
from application.accounts.throttling import AttemptThrottle
from domain.accounts.attempts import PROVIDER_START_LIMIT
from domain.shared.ids import SessionId, UserId


class LinkToStart(msgspec.Struct, frozen=True, kw_only=True):
    """A provider, and the session that the link is bound to."""

    actor: UserId
    session_id: SessionId
    provider: str
    return_to: str | None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class StartProviderLink:
    """As a sign-in begins, but for this account and while this session is open."""

    providers: IdentityProviders
    throttle: AttemptThrottle
    start: AttemptStart

    async def __call__(self, command: LinkToStart, /) -> StartedSignIn:
        """``ProviderNotFoundError``, ``TooManyAttemptsError`` or ``ProviderUnavailableError``."""
        self.providers.find(command.provider)
        await admit(self.throttle, f"provider-link:{command.actor}", [PROVIDER_START_LIMIT])
        return await self.start(
            command.provider, command.return_to, link_to=(command.actor, command.session_id)
        )
