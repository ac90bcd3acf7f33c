"""Take an account back to the address that it had."""

from dataclasses import dataclass
from typing import final

from application.accounts.api_token_end import ApiTokenEnd
from application.accounts.credential_purge import CredentialPurge
from application.accounts.links import LinkAttempts, LinkIssue, follow, invalid_link
from application.accounts.one_time_secrets import OneTimeSecrets
from application.accounts.ports import BeginAccounts
from application.accounts.presented_link import PresentedLink
from application.accounts.session_end import SessionEnd
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.errors import EmailAlreadyRegisteredError
from domain.accounts.events import EmailChangeUndone
from domain.accounts.links import LIFETIME, LinkPurpose
from domain.shared.ids import EventId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UndoEmailChange:
    """Restore the address, end all sessions, and send a link there to choose a password by.

    Whoever changed the address knew the password or set it, so it opens nothing from now on.
    Of several changes the first address wins: its link voids those of later ones. Second factors,
    passkeys and identities go that came with the change or in the three days before it, and a
    deletion is cancelled: they are how a thief would stay, or lock the owner out.
    """

    begin: BeginAccounts
    secrets: OneTimeSecrets
    attempts: LinkAttempts
    issue_link: LinkIssue
    purge: CredentialPurge
    end_session: SessionEnd
    end_api_token: ApiTokenEnd
    clock: Clock
    new_id: NewId

    async def __call__(self, command: PresentedLink, /) -> None:
        """Use the link up, or ``InvalidLinkError``."""
        await self.attempts.admit(command.origin)
        digest, now = self.secrets.digest(command.token), self.clock()
        try:
            async with self.begin() as tx:
                link, user = await follow(tx, digest, LinkPurpose.UNDO_EMAIL_CHANGE, now)
                restored = user.moved_to(link.email, now).with_password(None, now)
                await tx.users.update(restored)
                since = link.issued_at - LIFETIME[LinkPurpose.UNDO_EMAIL_CHANGE]
                pending = await self.purge(tx, user, command.origin, now, since=since)
                await tx.links.void(user.id)
                await tx.links.void_undo_since(user.id, link.issued_at)
                await self.end_session.all_of(
                    tx, user.id, reason="email_change_undone", origin=command.origin, now=now
                )
                await self.end_api_token.all_of(
                    tx, user.id, reason="email_change_undone", origin=command.origin, now=now
                )
                purpose, place = LinkPurpose.RESET_PASSWORD, command.origin.place
                await self.issue_link(tx, restored, purpose, restored.email, now, place=place)
                event_id = EventId(self.new_id())
                undone = EmailChangeUndone(id=event_id, occurred_at=now, user_id=user.id)
                before = {**user.state, "deletion_pending": pending}
                after = {**restored.state, "deletion_pending": False}
                await record(tx, undone, command.origin, before=before, after=after)
        except EmailAlreadyRegisteredError as error:
            raise invalid_link() from error
        await self.attempts.forgive(command.origin)
