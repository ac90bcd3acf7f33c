"""Which sessions are open, as every request asks."""

from datetime import datetime
from typing import Protocol

import msgspec

from domain.accounts.role import Role
from domain.shared.ids import SessionId, UserId


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session that has neither ended nor been revoked, and the person behind it as of now."""

    user_id: UserId
    role: Role
    authenticated_at: datetime


class ActiveSessions(Protocol):
    """Which sessions are still open; the answer may be five seconds old, never older.

    The truth is in the database, so the loss of Redis changes nothing.
    """

    async def find(self, session_id: SessionId, /) -> OpenSession | None:
        """The session, or nothing where it has ended or been revoked."""
        ...

    def note_end(self, session_id: SessionId, /) -> None:
        """Answer nothing for a session that is being revoked, from now on in this process."""
        ...

    def forget(self, session_id: SessionId, /) -> None:
        """Drop what this process remembers of a session that has changed."""
        ...
