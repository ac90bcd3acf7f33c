"""The clock, new ids and one small database in memory, for tests of every context."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from application.accounts.link_ports import ResetRequest
from application.accounts.second_factors import Totp
from application.catalog.ports import Artist
from application.shared.ports import DependencyState
from domain.accounts.links import Link
from domain.accounts.session import Session
from domain.accounts.user import User
from domain.blocklists.dnp_entry import DnpEntry
from domain.shared.audit_record import AuditRecord
from domain.shared.events import Event
from domain.shared.ids import ArtistId, EventId, MailId, SessionId, UserId
from domain.shared.mail import Mail


class FakeClock:
    """``Clock`` that stands still until it is told otherwise."""

    def __init__(self, now: datetime = datetime(2026, 1, 31, 12, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The time that was set."""
        return self.now

    def advance(self, by: timedelta) -> None:
        """Go on."""
        self.now += by


class FakeNewId:
    """``NewId`` that counts, so that a failing test fails the same way again."""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self) -> UUID:
        """The next id; valid as UUIDv7 and in order."""
        self._last += 1
        return UUID(int=self._last << 80 | 0x7 << 76 | 0b10 << 62)


class FakeHealthProbe:
    """``HealthProbe`` with a fixed answer."""

    def __init__(self, *, healthy: bool) -> None:
        self._state = DependencyState(healthy=healthy, response_time_ms=1, detail=None)

    async def __call__(self) -> DependencyState:
        """The answer."""
        return self._state


@dataclass(frozen=True)
class StoredToken:
    """A refresh token as it is kept."""

    session_id: SessionId
    expires_at: datetime
    used_at: datetime | None = None
    successor: bytes | None = None


@dataclass(frozen=True)
class StoredTotp:
    """A second factor as it is kept."""

    totp: Totp
    last_used_step: int = 0


@dataclass(frozen=True)
class StoredLink:
    """A link as it is kept."""

    link: Link
    used_at: datetime | None = None


@dataclass(frozen=True)
class MailState:
    """How it stands with a message that waits."""

    queued_at: datetime
    due_at: datetime
    attempts: int = 0


@dataclass(frozen=True)
class Rows:
    """Everything that is kept; the values never change, so a shallow copy is a snapshot."""

    users: dict[UserId, User] = field(default_factory=dict)
    sessions: dict[SessionId, Session] = field(default_factory=dict)
    revoked: dict[SessionId, datetime] = field(default_factory=dict)
    tokens: dict[bytes, StoredToken] = field(default_factory=dict)
    artists: dict[ArtistId, Artist] = field(default_factory=dict)
    names: dict[ArtistId, list[str]] = field(default_factory=dict)
    entries: dict[tuple[UserId, ArtistId], DnpEntry] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    totp: dict[UserId, "StoredTotp"] = field(default_factory=dict)
    recovery_codes: dict[bytes, tuple[UserId, datetime | None]] = field(default_factory=dict)
    admin_codes: dict[bytes, tuple[datetime, UserId | None]] = field(default_factory=dict)
    renewed: dict[SessionId, datetime] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    mail_states: dict[MailId, "MailState"] = field(default_factory=dict)
    links: dict[bytes, "StoredLink"] = field(default_factory=dict)
    reset_requests: list[ResetRequest] = field(default_factory=list)
    told: dict[EventId, datetime] = field(default_factory=dict)
    audit: list[AuditRecord] = field(default_factory=list)

    def copy(self) -> "Rows":
        """The same values in containers of their own."""
        return Rows(**{each.name: copy(getattr(self, each.name)) for each in fields(self)})


class FakeDatabase:
    """What is committed, and transactions on a copy of it, one at a time."""

    def __init__(self) -> None:
        self.rows = Rows()
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Rows]:
        """A copy that becomes the truth on a clean exit and is thrown away otherwise."""
        async with self._turn:
            rows = self.rows.copy()
            await asyncio.sleep(0)  # let the others pile up, as they would on a network
            yield rows
            self.rows = rows


class FakeOutbox:
    """``Outbox`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def append(self, event: Event, /) -> None:
        """Keep it."""
        self._rows.events.append(event)


class FakeAuditLog:
    """``AuditLog`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def append(self, record: AuditRecord, /) -> None:
        """Keep it."""
        self._rows.audit.append(record)


class FakeMailQueue:
    """``MailQueue`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def append(self, mail: Mail, now: datetime, /) -> None:
        """Keep it."""
        self._rows.mails.append(mail)
        self._rows.mail_states[mail.id] = MailState(queued_at=now, due_at=now)


class FakeEventRelay:
    """``EventRelay`` in memory."""

    def __init__(
        self, database: FakeDatabase, announce: Callable[[bytes], Awaitable[None]]
    ) -> None:
        self._database = database
        self._announce = announce

    async def relay(self, limit: int, now: datetime, /) -> int:
        """Tell, then mark."""
        async with self._database.transaction() as rows:
            waiting = sorted(
                (event for event in rows.events if event.id not in rows.told),
                key=lambda event: event.id,
            )[:limit]
            for event in waiting:
                await self._announce(msgspec.json.encode(event))
                rows.told[event.id] = now
        return len(waiting)

    async def forget(self, told_before: datetime, /) -> int:
        """Drop what was told long ago."""
        async with self._database.transaction() as rows:
            old = {event_id for event_id, at in rows.told.items() if at < told_before}
            rows.events[:] = [event for event in rows.events if event.id not in old]
            for event_id in old:
                del rows.told[event_id]
        return len(old)
