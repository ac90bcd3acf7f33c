"""Follow the link that proves an address."""

from dataclasses import dataclass
from typing import final

from application.accounts.links import LinkAttempts, follow
from application.accounts.one_time_secrets import OneTimeSecrets
from application.accounts.ports import BeginAccounts
from application.accounts.presented_link import PresentedLink
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.events import EmailVerified
from domain.accounts.links import LinkPurpose
from domain.shared.ids import EventId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyEmail:
    """Mark the address as proven."""

    begin: BeginAccounts
    secrets: OneTimeSecrets
    attempts: LinkAttempts
    clock: Clock
    new_id: NewId

    async def __call__(self, command: PresentedLink, /) -> None:
        """Use the link up, or ``InvalidLinkError``."""
        await self.attempts.admit(command.origin)
        digest, now = self.secrets.digest(command.token), self.clock()
        async with self.begin() as tx:
            _, user = await follow(tx, digest, LinkPurpose.VERIFY_EMAIL, now)
            proven = user.verified(now)
            await tx.users.update(proven)
            verified = EmailVerified(id=EventId(self.new_id()), occurred_at=now, user_id=user.id)
            await record(tx, verified, command.origin, before=user.state, after=proven.state)
        await self.attempts.forgive(command.origin)
