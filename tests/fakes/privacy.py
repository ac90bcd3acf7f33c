"""The ports of privacy in memory."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from application.privacy.ports import BeginPrivacy, Contact, Section
from domain.accounts.errors import AuthenticationRequiredError
from domain.accounts.role import Role
from domain.privacy.deletion import Deletion
from domain.shared.ids import UserId
from tests.fakes.shared import FakeAuditLog, FakeDatabase, FakeMailQueue, FakeOutbox, Rows


class FakeDeletionRepository:
    """``DeletionRepository`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def contact(self, user_id: UserId, /) -> Contact:
        """From the account."""
        user = self._rows.users.get(user_id)
        if user is None:
            raise AuthenticationRequiredError("gone")
        return Contact(email=user.email.text, language=user.settings.language)

    async def schedule(self, user_id: UserId, deletion: Deletion, /) -> Deletion:
        """Keep the first."""
        return self._rows.deletions.setdefault(user_id, deletion)

    async def is_last_administrator(self, user_id: UserId, /) -> bool:
        """Count those who stay."""
        admins = {user.id for user in self._rows.users.values() if user.role is Role.ADMIN}
        return admins - self._rows.deletions.keys() == {user_id}

    async def cancel(self, user_id: UserId, now: datetime, /) -> bool:
        """Forget it unless it is due."""
        deletion = self._rows.deletions.get(user_id)
        if deletion is None or deletion.due_at <= now:
            return False
        del self._rows.deletions[user_id]
        return True

    async def next_due(self, now: datetime, /) -> UserId | None:
        """The first whose time has come."""
        due = [user_id for user_id, d in self._rows.deletions.items() if d.due_at <= now]
        return due[0] if due else None

    async def erase_some(self, user_id: UserId, limit: int, /) -> int:
        """Entries."""
        mine = [key for key in self._rows.entries if key[0] == user_id][:limit]
        for key in mine:
            del self._rows.entries[key]
        return len(mine)

    async def erase(self, user_id: UserId, now: datetime, /) -> None:
        """The account and what hangs on it."""
        del self._rows.users[user_id]
        self._rows.deletions.pop(user_id, None)
        self._rows.events[:] = [e for e in self._rows.events if e.user_id != user_id]
        for session in [s for s in self._rows.sessions.values() if s.user_id == user_id]:
            del self._rows.sessions[session.id]


class FakePrivacyTransaction:
    """``PrivacyTransaction`` on a copy of the rows."""

    def __init__(self, rows: Rows) -> None:
        self.deletions = FakeDeletionRepository(rows)
        self.mails = FakeMailQueue(rows)
        self.outbox = FakeOutbox(rows)
        self.audit = FakeAuditLog(rows)


def begin_privacy(database: FakeDatabase) -> BeginPrivacy:
    """``BeginPrivacy`` in memory."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[FakePrivacyTransaction]:
        async with database.transaction() as rows:
            yield FakePrivacyTransaction(rows)

    return begin


class FakeDeletionReader:
    """``DeletionReader`` over what is committed."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    async def find(self, user_id: UserId, /) -> Deletion | None:
        """Look it up."""
        return self._database.rows.deletions.get(user_id)


class FakePersonalData:
    """``PersonalData`` that is the account and nothing else."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database
        self._user_id: UserId | None = None
        self.sections = (Section(name="users", purpose="", kept="", columns={"email": ""}),)

    @asynccontextmanager
    async def open(self, user_id: UserId, /) -> AsyncIterator["FakePersonalData"]:
        """Of one person."""
        self._user_id = user_id
        yield self

    async def rows(self, section: Section, /) -> AsyncGenerator[Mapping[str, object], None]:
        """One."""
        assert self._user_id is not None
        yield {"email": self._database.rows.users[self._user_id].email.text}


class FakeRetention:
    """``Retention`` that remembers when it was asked."""

    def __init__(self) -> None:
        self.applied: list[datetime] = []

    async def apply(self, now: datetime, /) -> Mapping[str, int]:
        """Nothing is over."""
        self.applied.append(now)
        return {}


class FakeErasureLedger:
    """``ErasureLedger`` that knows people by their digests."""

    def __init__(self, erased: list[bytes], *, here: set[bytes]) -> None:
        self._erased = erased
        self._here = here
        self.scheduled: dict[bytes, datetime] = {}

    async def digests(self) -> list[bytes]:
        """All of them."""
        return self._erased

    async def schedule(self, digests: frozenset[bytes], now: datetime, /) -> int:
        """Those who are here."""
        found = digests & self._here
        self.scheduled |= dict.fromkeys(found, now)
        return len(found)
