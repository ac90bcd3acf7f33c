"""Follow the link that moves an account to another address."""

from dataclasses import dataclass
from typing import final

from application.accounts.links import LinkAttempts, LinkIssue, follow, invalid_link
from application.accounts.notices import notify
from application.accounts.one_time_secrets import OneTimeSecrets
from application.accounts.ports import BeginAccounts
from application.accounts.presented_link import PresentedLink
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.errors import EmailAlreadyRegisteredError
from domain.accounts.events import EmailChanged
from domain.accounts.links import LinkPurpose
from domain.shared.ids import EventId, MailId
from domain.shared.mail import MailKind


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmEmailChange:
    """Move the account, and tell the former address how to undo it.

    A former address that was never proven may be a stranger's by a typing error: it is told,
    and cannot undo anything.
    """

    begin: BeginAccounts
    secrets: OneTimeSecrets
    attempts: LinkAttempts
    issue_link: LinkIssue
    clock: Clock
    new_id: NewId

    async def __call__(self, command: PresentedLink, /) -> None:
        """Use the link up, or ``InvalidLinkError``, also where the address is taken meanwhile."""
        await self.attempts.admit(command.origin)
        digest, now = self.secrets.digest(command.token), self.clock()
        place = command.origin.place
        try:
            async with self.begin() as tx:
                link, user = await follow(tx, digest, LinkPurpose.CONFIRM_EMAIL_CHANGE, now)
                moved = user.moved_to(link.email, now)
                await tx.users.update(moved)
                if await tx.links.reserved(link.email, now, apart_from=user.id):
                    raise invalid_link()
                await tx.links.void(user.id)
                if user.email_verified:
                    purpose = LinkPurpose.UNDO_EMAIL_CHANGE
                    await self.issue_link(tx, moved, purpose, user.email, now, place=place)
                else:
                    kind, mail_id = MailKind.EMAIL_CHANGED, MailId(self.new_id())
                    await notify(tx, user, kind, mail_id, now, place=place)
                event_id = EventId(self.new_id())
                changed = EmailChanged(id=event_id, occurred_at=now, user_id=user.id)
                await record(tx, changed, command.origin, before=user.state, after=moved.state)
        except EmailAlreadyRegisteredError as error:
            raise invalid_link() from error
        await self.attempts.forgive(command.origin)
