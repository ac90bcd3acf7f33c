"""Ask for another link that proves the address of one's account."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.attempts import admit
from application.accounts.links import LinkIssue
from application.accounts.ports import BeginAccounts, ProfileReader
from application.accounts.throttling import AttemptThrottle
from application.shared.ports import Clock
from domain.accounts.attempts import MAIL_LIMITS
from domain.accounts.links import LinkPurpose
from domain.shared.ids import UserId
from domain.shared.origin import Origin


class VerificationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Whose address is to be proven."""

    actor: UserId
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEmailVerification:
    """Send a link; the one before stops working. A proven address gets none."""

    begin: BeginAccounts
    profiles: ProfileReader
    throttle: AttemptThrottle
    issue_link: LinkIssue
    clock: Clock

    async def __call__(self, command: VerificationRequest, /) -> None:
        """Queue the message; ``TooManyAttemptsError`` after several in an hour."""
        profile = await self.profiles.get(command.actor)
        if profile.email_verified:
            return
        await admit(self.throttle, f"email-verification:{command.actor}", MAIL_LIMITS)
        async with self.begin() as tx:
            user = await tx.users.get_for_update(command.actor)
            if not user.email_verified:
                place = command.origin.place
                purpose = LinkPurpose.VERIFY_EMAIL
                await self.issue_link(tx, user, purpose, user.email, self.clock(), place=place)
