"""Erase the people whose time has come."""

from dataclasses import dataclass
from typing import final

from application.privacy.ports import BeginPrivacy
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.privacy.events import UserErased
from domain.shared.ids import EventId, MailId
from domain.shared.mail import Mail, MailKind
from domain.shared.origin import Origin

BATCH = 5_000
_NOWHERE = Origin(address=None, user_agent=None, request_id="worker")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class EraseUsers:
    """Delete batch by batch, the account itself last: a crash at any point is gone on from.

    Any number of these may run side by side.
    """

    begin: BeginPrivacy
    clock: Clock
    new_id: NewId
    batch: int = BATCH

    async def __call__(self) -> int:
        """How many people were erased."""
        erased = 0
        while (finished := await self._step()) is not None:
            erased += finished
        return erased

    async def _step(self) -> bool | None:
        """One batch: whether it was somebody's last; ``None`` where nobody is due."""
        now = self.clock()
        async with self.begin() as tx:
            user_id = await tx.deletions.next_due(now)
            if user_id is None:
                return None
            if await tx.deletions.erase_some(user_id, self.batch):
                return False
            contact = await tx.deletions.contact(user_id)
            await tx.deletions.erase(user_id, now)
            event = UserErased(id=EventId(self.new_id()), occurred_at=now, user_id=user_id)
            await record(tx, event, _NOWHERE)
            mail = Mail(
                id=MailId(self.new_id()),
                user_id=None,
                to=contact.email,
                language=contact.language,
                kind=MailKind.DELETION_DONE,
                values={},
            )
            await tx.mails.append(mail, now)
        return True
