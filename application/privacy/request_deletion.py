"""Ask for one's account to be erased."""

from dataclasses import dataclass
from typing import final

from application.privacy.export_user_data import DataRequest
from application.privacy.ports import BeginPrivacy
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.privacy.deletion import Deletion
from domain.privacy.errors import OnlyAdministratorError
from domain.privacy.events import DeletionRequested
from domain.shared.ids import EventId, MailId
from domain.shared.mail import Mail, MailKind


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDeletion:
    """Schedule the erasure in seven days; asking again changes nothing."""

    begin: BeginPrivacy
    clock: Clock
    new_id: NewId

    async def __call__(self, command: DataRequest, /) -> Deletion:
        """When it will be; the owner hears of it by mail.

        ``OnlyAdministratorError`` where nobody would be left to administer the service.
        """
        now = self.clock()
        wanted = Deletion.requested(now)
        async with self.begin() as tx:
            if await tx.deletions.is_last_administrator(command.actor):
                raise OnlyAdministratorError("Make somebody else an administrator first.")
            contact = await tx.deletions.contact(command.actor)
            deletion = await tx.deletions.schedule(command.actor, wanted)
            if deletion != wanted:
                return deletion
            event = DeletionRequested(
                id=EventId(self.new_id()),
                occurred_at=now,
                user_id=command.actor,
                due_at=deletion.due_at,
            )
            await record(tx, event, command.origin, after={"due_at": deletion.due_at.isoformat()})
            mail = Mail(
                id=MailId(self.new_id()),
                user_id=command.actor,
                to=contact.email,
                language=contact.language,
                kind=MailKind.DELETION_SCHEDULED,
                values={"due_at": deletion.due_at.isoformat()},
            )
            await tx.mails.append(mail, now)
        return deletion
