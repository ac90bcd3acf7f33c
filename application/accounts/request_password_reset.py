"""Say that the password of an address is forgotten."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.attempts import admit
from application.accounts.link_ports import ResetRequest
from application.accounts.links import FORGOTTEN, may_mail
from application.accounts.ports import BeginAccounts
from application.accounts.throttling import AttemptThrottle
from application.shared.ports import Clock
from domain.accounts.attempts import AttemptLimit
from domain.accounts.email_address import EmailAddress
from domain.shared.network import network_of
from domain.shared.origin import Origin


class ForgottenPassword(msgspec.Struct, frozen=True, kw_only=True):
    """The address whose password is forgotten."""

    email: str
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPasswordReset:
    """Keep the request; whether there is an account is found out by the worker.

    So a known and an unknown address cost the same work, and are answered alike. One that was
    written to often in the last hour is answered alike as well, and not written to.
    """

    begin: BeginAccounts
    throttle: AttemptThrottle
    limit: AttemptLimit
    clock: Clock

    async def __call__(self, command: ForgottenPassword, /) -> None:
        """Queue it; ``TooManyAttemptsError`` for a network address that asks all the time."""
        email = EmailAddress.parse(command.email)
        await admit(
            self.throttle, f"forgot-from:{network_of(command.origin.address)}", [self.limit]
        )
        request = ResetRequest(
            email=email,
            place=command.origin.place,
            muted=not await may_mail(self.throttle, FORGOTTEN, email),
            requested_at=self.clock(),
        )
        async with self.begin() as tx:
            await tx.reset_requests.append(request)
