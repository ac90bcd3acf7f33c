"""Ports that every context needs: time, ids, outbox, audit log, mail, encryption."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from domain.shared.audit_record import AuditRecord
from domain.shared.events import Event
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
