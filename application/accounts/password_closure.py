"""The notice that a password opens nothing any more."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

from application.accounts.notices import notify
from application.accounts.password_attempts import PasswordAttempt
from application.accounts.ports import AccountsTransaction
from application.shared.ports import NewId
from application.shared.record import record
from domain.accounts.events import PasswordClosed
from domain.accounts.password_stop import most_failures
from domain.shared.ids import EventId, MailId
from domain.shared.mail import MailKind
from domain.shared.origin import Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordClosure:
    """Record once that the last attempt of a row has failed, and tell the owner by mail."""

    new_id: NewId

    async def __call__(
        self, tx: AccountsTransaction, attempt: PasswordAttempt, origin: Origin, now: datetime
    ) -> None:
        """Do so where ``attempt`` was the last, before anything else in the transaction."""
        if not attempt.closing:
            return
        # Whoever signs in locks the user first as well: in another order the two could wait for
        # each other.
        user = await tx.users.find_for_update(attempt.user.id)
        familiar = attempt.familiar
        if user is None or not await tx.password_failures.close(user.id, now, familiar=familiar):
            return
        closed_to = "known devices" if familiar else "other devices"
        closed = PasswordClosed(
            id=EventId(self.new_id()), occurred_at=now, user_id=user.id, closed_to=closed_to
        )
        await record(tx, closed, origin, after={"closed_to": closed_to})
        await notify(
            tx,
            user,
            MailKind.PASSWORD_CLOSED,
            MailId(self.new_id()),
            now,
            place=origin.place,
            failures=str(most_failures(familiar=familiar)),
            closed_to=closed_to,
        )
