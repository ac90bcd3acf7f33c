"""Ports that every context needs: time, ids, outbox, audit log, mail, encryption."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from domain.shared.audit_record import AuditRecord
from domain.shared.events import Event
from domain.shared.ids import UserId
from domain.shared.mail import Mail


class Clock(Protocol):
    """The time of day."""

    def __call__(self) -> datetime:
        """Now, in UTC, with a time zone."""
        ...


class NewId(Protocol):
    """A source of identifiers that sort by the time of their making (UUIDv7, RFC 9562)."""

    def __call__(self) -> UUID:
        """An id that was never given out before."""
        ...


class Pseudonym(Protocol):
    """A keyed one-way name for something that must not be kept as it is."""

    def __call__(self, text: str, /) -> str:
        """The same name for the same text; nobody without the key can tell the text from it."""
        ...


class Outbox(Protocol):
    """Events that are told to the rest of the world once their transaction has committed."""

    async def append(self, event: Event, /) -> None:
        """Keep ``event`` in the transaction that made it true."""
        ...


class AuditLog(Protocol):
    """The record of who did what; written in the transaction of the deed itself."""

    async def append(self, record: AuditRecord, /) -> None:
        """Keep ``record``; it is never changed afterwards."""
        ...


class MailQueue(Protocol):
    """Messages that are sent once their transaction has committed, by the worker."""

    async def append(self, mail: Mail, now: datetime, /) -> None:
        """Keep ``mail``, sealed, in the transaction that gave cause to it."""
        ...


class SecretBox(Protocol):
    """Encryption of secrets that are kept in the database, bound to the place where they are kept.

    ``adapters/postgres/sealed_columns.py`` lists the places, so that what is there is sealed again
    when the keys change.
    """

    def seal(self, secret: bytes, place: str, /) -> bytes:
        """Authenticated encryption; ``place`` is such as ``user_totp/<user id>/secret``."""
        ...

    def open(self, sealed: bytes, place: str, /) -> bytes:
        """The secret; ``UnreadableSecretError`` if altered, moved or its key is gone."""
        ...

    def is_current(self, sealed: bytes, /) -> bool:
        """Whether it is sealed under the newest key."""
        ...


class EventRelay(Protocol):
    """The way out of the outbox."""

    async def relay(self, limit: int, now: datetime, /) -> int:
        """Tell up to ``limit`` untold events, oldest first, and mark them; how many there were.

        At least once: a crash between telling and marking tells an event again under the same
        id. Several relays at once never tell the same event side by side.
        """
        ...

    async def forget(self, told_before: datetime, /) -> int:
        """Delete events that were told before that time; how many there were."""
        ...


class DependencyState(msgspec.Struct, frozen=True, kw_only=True):
    """How something that the service leans on answered: in time or not, and what it said."""

    healthy: bool
    response_time_ms: int
    detail: str | None


class HealthProbe(Protocol):
    """One question to one dependency, answered within a second whatever state that is in."""

    async def __call__(self) -> DependencyState:
        """Ask; never raises."""
        ...


class KeyedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request with a key of its sender's making: one that comes again has the same.

    ``fingerprint`` is a keyed digest of all that was asked. ``user_id`` is ``None`` for somebody
    who is not signed in; their keys count together with what they ask, since two strangers may
    come upon the same key.
    """

    user_id: UserId | None
    operation: str
    key: str
    fingerprint: bytes


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a request was answered: its status, header fields and body; they may hold secrets."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def __repr__(self) -> str:
        return f"Answer(status={self.status}, …)"


class KeptAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, and the fingerprint of the request that it was given to."""

    fingerprint: bytes
    answer: Answer


class AnsweringTransaction(Protocol):
    """The transaction in which one keyed request has its effect and its answer, or neither.

    Every ``begin`` and every read of the task that opened it is part of it, until it ends.
    """

    async def find(self, kept_since: datetime, /) -> KeptAnswer | None:
        """The answer to the first request with this key, unless it was kept before that time."""
        ...

    async def keep(self, answer: Answer, now: datetime, /) -> None:
        """Keep the answer in place of any older one; it is encrypted."""
        ...


class KeptAnswers(Protocol):
    """Answers to keyed requests."""

    def begin(self, request: KeyedRequest, /) -> AbstractAsyncContextManager[AnsweringTransaction]:
        """Commits on a clean exit, rolls back on any exception.

        ``RequestInProgressError`` while another request with the same key is in one.
        """
        ...

    async def forget(self, kept_before: datetime, /) -> int:
        """Delete what was kept before that time; how many there were."""
        ...
