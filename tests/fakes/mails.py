"""Messages on their way out, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from application.notifications.ports import ClaimedMail, MailNotSentError
from domain.shared.ids import MailId
from domain.shared.mail import Mail, MailKind
from tests.fakes.shared import FakeDatabase


class FakeMailDispatch:
    """``MailDispatch`` in memory."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    async def claim(self, limit: int, now: datetime, until: datetime, /) -> Sequence[ClaimedMail]:
        """Move their due time."""
        async with self._database.transaction() as rows:
            due = [mail for mail in rows.mails if rows.mail_states[mail.id].due_at <= now]
            due.sort(key=lambda mail: rows.mail_states[mail.id].due_at)
            claimed = []
            for mail in due[:limit]:
                state = rows.mail_states[mail.id]
                state = replace(state, due_at=until, attempts=state.attempts + 1)
                rows.mail_states[mail.id] = state
                claimed.append(
                    ClaimedMail(
                        id=mail.id, mail=mail, queued_at=state.queued_at, attempt=state.attempts
                    )
                )
        return claimed

    async def remove(self, mail_id: MailId, /) -> None:
        """Drop it."""
        async with self._database.transaction() as rows:
            rows.mails[:] = [mail for mail in rows.mails if mail.id != mail_id]
            rows.mail_states.pop(mail_id, None)

    async def postpone(self, claimed: ClaimedMail, due_at: datetime, /) -> None:
        """Unless it was claimed again."""
        async with self._database.transaction() as rows:
            state = rows.mail_states.get(claimed.id)
            if state is not None and state.attempts == claimed.attempt:
                rows.mail_states[claimed.id] = replace(state, due_at=due_at)


class FakeMailSender:
    """``MailSender`` that keeps what it is given, or refuses it."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.refusal: MailNotSentError | None = None

    async def __call__(self, mail: Mail, queued_at: datetime, /) -> None:
        """Keep it, or raise the refusal."""
        if self.refusal is not None:
            raise self.refusal
        self.sent.append(mail)


class FakeMailJournal:
    """``MailJournal`` as lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def sent(self, mail_id: MailId, kind: MailKind, attempt: int) -> None:
        """A line."""
        self.lines.append(f"sent {kind} {attempt}")

    def delayed(self, mail_id: MailId, attempt: int, reason: str) -> None:
        """A line."""
        self.lines.append(f"delayed {attempt} {reason}")

    def given_up(self, mail_id: MailId, attempt: int, reason: str) -> None:
        """A line."""
        self.lines.append(f"given up {attempt} {reason}")
