"""What the use cases of notifications need from the outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec

from domain.shared.ids import MailId
from domain.shared.mail import Mail, MailKind


class ClaimedMail(msgspec.Struct, frozen=True, kw_only=True):
    """A message that one worker is about to send, for the ``attempt``-th time.

    There is no ``mail`` where what is kept cannot be read: its key is gone, or a newer release
    wrote it.
    """

    id: MailId
    mail: Mail | None
    queued_at: datetime
    attempt: int


class MailDispatch(Protocol):
    """The way out of the queue of messages."""

    async def claim(self, limit: int, now: datetime, until: datetime, /) -> Sequence[ClaimedMail]:
        """Take up to ``limit`` due messages, oldest first, which nobody else gets ``until`` then.

        One statement; rows that another worker holds are skipped, not waited for. Whoever dies
        with a claim leaves a message that is due again.
        """
        ...

    async def remove(self, mail_id: MailId, /) -> None:
        """Delete a message that was sent or given up."""
        ...

    async def postpone(self, claimed: ClaimedMail, due_at: datetime, /) -> None:
        """Make a message due at another time, unless somebody else has claimed it meanwhile."""
        ...


class MailNotSentError(Exception):
    """The message was not taken; ``reason`` holds neither address nor content.

    ``final`` says that it never will be.
    """

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.final = final


class MailSender(Protocol):
    """The way of a message to its reader."""

    async def __call__(self, mail: Mail, queued_at: datetime, /) -> None:
        """Send it, within a bounded time; ``MailNotSentError`` where nobody has taken it."""
        ...


class MailJournal(Protocol):
    """What operators read about messages; neither addresses nor content."""

    def sent(self, mail_id: MailId, kind: MailKind, attempt: int) -> None:
        """Somebody has taken it."""
        ...

    def delayed(self, mail_id: MailId, attempt: int, reason: str) -> None:
        """It will be tried again."""
        ...

    def given_up(self, mail_id: MailId, attempt: int, reason: str) -> None:
        """It will not be tried again, and is deleted."""
        ...


class StoredMail(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was written to a folder, as its reader would see it."""

    id: MailId
    sent_at: datetime
    to: str
    subject: str
    text: str
    html: str


@runtime_checkable  # a handler asks for it, and Litestar checks what handlers are given
class MailFolder(Protocol):
    """Messages that were written to a folder in place of being sent, in development."""

    async def newest(self, limit: int, /) -> Sequence[StoredMail]:
        """The last ones, newest first."""
        ...

    async def find(self, mail_id: MailId, /) -> StoredMail | None:
        """One of them."""
        ...
