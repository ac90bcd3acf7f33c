"""The clock, new ids and one small database in memory, for tests of every context."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from application.accounts.api_tokens import ValidSecret
from application.accounts.link_ports import ResetRequest
from application.accounts.passkeys import ChallengePurpose
from application.accounts.second_factors import Totp
from application.accounts.sign_in_attempts import SignInAttempt
from application.blocklists.track_ports import BlockedTrack, ListException
from application.catalog.ports import Artist
from application.shared.ports import Answer, DependencyState, KeptAnswer, KeyedRequest
from domain.accounts.api_token import ApiToken
from domain.accounts.identity import Identity
from domain.accounts.links import Link
from domain.accounts.passkey import Passkey
from domain.accounts.session import Session
from domain.accounts.user import User
from domain.audit.chain import Mark, MarkKind, SealedRecord
from domain.blocklists.bulk import BulkChange
from domain.blocklists.dnp_entry import DnpEntry
from domain.blocklists.track import TrackId
from domain.catalog.merge import ArtistMerge
from domain.privacy.deletion import Deletion
from domain.shared.audit_record import AuditRecord
from domain.shared.errors import RequestInProgressError
from domain.shared.events import Event
from domain.shared.external_id import ExternalId
from domain.shared.ids import (
    ApiTokenId,
    ArtistId,
    ArtistMergeId,
    BulkChangeId,
    EventId,
    ExceptionId,
    IdentityId,
    MailId,
    PasskeyId,
    SessionId,
    SignInAttemptId,
    UserId,
)
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


Scope = tuple[UserId | bytes, str, str]


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
class StoredChallenge:
    """A challenge for an authenticator as it is kept."""

    purpose: ChallengePurpose
    user_id: UserId | None
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True)
class StoredAttempt:
    """A way to a provider and back as it is kept."""

    attempt: SignInAttempt
    used_at: datetime | None = None
    outcome_sealed: bytes | None = None
    code_digest: bytes | None = None
    finished_at: datetime | None = None
    presented_at: datetime | None = None
    completed_at: datetime | None = None


@dataclass(frozen=True)
class StoredChange:
    """A bulk change as it is kept, with the entries as they were before it."""

    user_id: UserId
    change: BulkChange
    before: tuple[DnpEntry, ...]


@dataclass(frozen=True)
class StoredLink:
    """A link as it is kept."""

    link: Link
    used_at: datetime | None = None


class StoredFailures(msgspec.Struct, frozen=True, kw_only=True):
    """Passwords that were wrong in a row, as they are kept."""

    failures: int = 0
    closed_at: datetime | None = None


@dataclass(frozen=True)
class MailState:
    """How it stands with a message that waits."""

    queued_at: datetime
    due_at: datetime
    attempts: int = 0


@dataclass(frozen=True)
class StoredMerge:
    """A merge of artists as it is kept, with what it moved."""

    merge: ArtistMerge
    ids: tuple[ExternalId, ...]
    names: tuple[str, ...]
    duplicate_names: tuple[str, ...]
    moved: tuple[DnpEntry, ...]
    combined: tuple[tuple[DnpEntry, DnpEntry, DnpEntry], ...]
    redirected: tuple[ArtistId, ...]
    aside: tuple[DnpEntry, ...] = ()
    exceptions: tuple[ListException, ...] = ()
    touched: dict[tuple[UserId, ArtistId], BulkChangeId] = field(default_factory=dict)
    undone_at: datetime | None = None


@dataclass(frozen=True)
class Rows:
    """Everything that is kept; the values never change, so a shallow copy is a snapshot."""

    users: dict[UserId, User] = field(default_factory=dict)
    sessions: dict[SessionId, Session] = field(default_factory=dict)
    revoked: dict[SessionId, datetime] = field(default_factory=dict)
    tokens: dict[bytes, StoredToken] = field(default_factory=dict)
    artists: dict[ArtistId, Artist] = field(default_factory=dict)
    names: dict[ArtistId, list[str]] = field(default_factory=dict)
    block_counts: dict[ArtistId, int] = field(default_factory=dict)
    entries: dict[tuple[UserId, ArtistId], DnpEntry] = field(default_factory=dict)
    disambiguations: dict[ArtistId, str] = field(default_factory=dict)
    external_ids: dict[ExternalId, ArtistId] = field(default_factory=dict)
    merges: dict[ArtistMergeId, StoredMerge] = field(default_factory=dict)
    redirects: dict[ArtistId, ArtistId] = field(default_factory=dict)
    touched: dict[tuple[UserId, ArtistId], BulkChangeId] = field(default_factory=dict)
    changes: list["StoredChange"] = field(default_factory=list)
    tracks: dict[tuple[UserId, TrackId], BlockedTrack] = field(default_factory=dict)
    exceptions: dict[ExceptionId, ListException] = field(default_factory=dict)
    pretended: dict[UserId, dict[str, int]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    totp: dict[UserId, "StoredTotp"] = field(default_factory=dict)
    password_failures: dict[tuple[UserId, bool], "StoredFailures"] = field(default_factory=dict)
    recovery_codes: dict[bytes, tuple[UserId, datetime | None]] = field(default_factory=dict)
    admin_codes: dict[bytes, tuple[datetime, UserId | None]] = field(default_factory=dict)
    passkeys: dict[PasskeyId, Passkey] = field(default_factory=dict)
    passkey_challenges: dict[bytes, StoredChallenge] = field(default_factory=dict)
    identities: dict[IdentityId, Identity] = field(default_factory=dict)
    attempts: dict[SignInAttemptId, StoredAttempt] = field(default_factory=dict)
    renewed: dict[SessionId, datetime] = field(default_factory=dict)
    deletions: dict[UserId, Deletion] = field(default_factory=dict)
    api_tokens: dict[ApiTokenId, ApiToken] = field(default_factory=dict)
    api_secrets: dict[ApiTokenId, tuple[ValidSecret, ...]] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    mail_states: dict[MailId, "MailState"] = field(default_factory=dict)
    links: dict[bytes, "StoredLink"] = field(default_factory=dict)
    reset_requests: list[ResetRequest] = field(default_factory=list)
    told: dict[EventId, datetime] = field(default_factory=dict)
    audit: list[AuditRecord] = field(default_factory=list)
    chain: list[SealedRecord] = field(default_factory=list)
    marks: dict[MarkKind, Mark] = field(default_factory=dict)
    answers: dict[Scope, tuple[datetime, KeptAnswer]] = field(default_factory=dict)

    def survivor_of(self, artist_id: ArtistId) -> ArtistId:
        """The artist that an id means now."""
        return self.redirects.get(artist_id, artist_id)

    def copy(self) -> "Rows":
        """The same values in containers of their own."""
        return Rows(**{f.name: getattr(self, f.name).copy() for f in fields(self)})


def with_factor(rows: Rows, user: User) -> User:
    """The user, with what the other table says of their second factor."""
    stored = rows.totp.get(user.id)
    enabled = stored is not None and stored.totp.confirmed
    return msgspec.structs.replace(user, totp_enabled=enabled)


# The rows of the transaction that everything else in this task is part of, in a box of one.
_shared: ContextVar[list[Rows] | None] = ContextVar("fake_shared_transaction", default=None)


class FakeDatabase:
    """What is committed, and transactions on a copy of it, one at a time."""

    def __init__(self) -> None:
        self._committed = Rows()
        self._turn = asyncio.Lock()

    @property
    def rows(self) -> Rows:
        """What is seen from here: what is committed, or what a shared transaction has so far."""
        shared = _shared.get()
        return self._committed if shared is None else shared[0]

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Rows]:
        """A copy that becomes the truth on a clean exit and is thrown away otherwise."""
        if (shared := _shared.get()) is not None:
            rows = shared[0].copy()
            yield rows
            shared[0] = rows
            return
        async with self._turn:
            rows = self._committed.copy()
            await asyncio.sleep(0)  # let the others pile up, as they would on a network
            yield rows
            self._committed = rows

    @asynccontextmanager
    async def shared_transaction(self) -> AsyncIterator[None]:
        """A transaction that all others of the same task are part of."""
        async with self._turn:
            shared = [self._committed.copy()]
            token = _shared.set(shared)
            try:
                await asyncio.sleep(0)
                yield
            finally:
                _shared.reset(token)
            self._committed = shared[0]


class FakeKeptAnswers:
    """``KeptAnswers`` in memory."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database
        self._open: set[Scope] = set()

    @asynccontextmanager
    async def begin(self, request: KeyedRequest, /) -> AsyncIterator["FakeAnsweringTransaction"]:
        """One at a time for each key."""
        scope = (request.user_id or request.fingerprint, request.operation, request.key)
        if scope in self._open:
            raise RequestInProgressError("in progress", retry_after=1)
        self._open.add(scope)
        try:
            async with self._database.shared_transaction():
                yield FakeAnsweringTransaction(self._database, request, scope)
        finally:
            self._open.remove(scope)

    async def forget(self, kept_before: datetime, /) -> int:
        """Drop what is old."""
        async with self._database.transaction() as rows:
            old = [scope for scope, (at, _) in rows.answers.items() if at < kept_before]
            for scope in old:
                del rows.answers[scope]
        return len(old)


class FakeAnsweringTransaction:
    """``AnsweringTransaction`` on the rows of a shared transaction."""

    def __init__(self, database: FakeDatabase, request: KeyedRequest, scope: Scope) -> None:
        self._database = database
        self._request = request
        self._scope = scope

    async def find(self, kept_since: datetime, /) -> KeptAnswer | None:
        """Look it up."""
        kept = self._database.rows.answers.get(self._scope)
        return kept[1] if kept is not None and kept[0] >= kept_since else None

    async def keep(self, answer: Answer, now: datetime, /) -> None:
        """Put it there."""
        kept = KeptAnswer(fingerprint=self._request.fingerprint, answer=answer)
        self._database.rows.answers[self._scope] = (now, kept)


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
