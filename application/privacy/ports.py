"""What the use cases of privacy need from the outside."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import msgspec

from application.shared.ports import AuditLog, MailQueue, Outbox
from domain.privacy.deletion import Deletion
from domain.shared.ids import UserId


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach somebody."""

    email: str
    language: str


class DeletionRepository(Protocol):
    """Accounts that are going to be erased, and the memory of those that were."""

    async def contact(self, user_id: UserId, /) -> Contact:
        """How to reach somebody, locked; ``AuthenticationRequiredError`` if they are gone."""
        ...

    async def schedule(self, user_id: UserId, deletion: Deletion, /) -> Deletion:
        """Keep ``deletion``, or the one that was asked for before; whichever counts."""
        ...

    async def is_last_administrator(self, user_id: UserId, /) -> bool:
        """Whether nobody else administers the service who will stay; locks administrators."""
        ...

    async def cancel(self, user_id: UserId, now: datetime, /) -> bool:
        """Forget it; ``False`` where there was none, or the erasure has begun."""
        ...

    async def next_due(self, now: datetime, /) -> UserId | None:
        """Somebody whose time has come and whom nobody else is erasing, locked; or nobody."""
        ...

    async def erase_some(self, user_id: UserId, limit: int, /) -> int:
        """Delete up to so many rows of what somebody may have a great deal of; how many."""
        ...

    async def erase(self, user_id: UserId, now: datetime, /) -> None:
        """Delete all the rest, and remember a keyed digest of the id."""
        ...


class PrivacyTransaction(Protocol):
    """All of it or nothing."""

    @property
    def deletions(self) -> DeletionRepository:
        """Accounts that are going to be erased."""
        ...

    @property
    def mails(self) -> MailQueue:
        """Messages of this transaction."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Events of this transaction."""
        ...

    @property
    def audit(self) -> AuditLog:
        """Audit records of this transaction."""
        ...


BeginPrivacy = Callable[[], AbstractAsyncContextManager[PrivacyTransaction]]


class DeletionReader(Protocol):
    """Deletions, as they are shown."""

    async def find(self, user_id: UserId, /) -> Deletion | None:
        """The deletion that somebody asked for, if they did."""
        ...


class ErasureLedger(Protocol):
    """The memory of who was erased, which outlives a backup that still has them."""

    async def digests(self) -> list[bytes]:
        """Keyed digests of the ids of all erased people, oldest first."""
        ...

    async def schedule(self, digests: frozenset[bytes], now: datetime, /) -> int:
        """Make the erasure of whoever is here and has one of these digests due; how many."""
        ...


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of personal data: what it is for, and what each column means.

    ``joined`` are lists that a table has in one cell, with semicolons between.
    """

    name: str
    purpose: str
    kept: str
    columns: Mapping[str, str]
    joined: frozenset[str] = frozenset()


class PersonalDataSnapshot(Protocol):
    """All that is kept about one person, as of one moment."""

    @property
    def sections(self) -> tuple[Section, ...]:
        """The kinds that there are, the same for everybody."""
        ...

    def rows(self, section: Section, /) -> AsyncGenerator[Mapping[str, object], None]:
        """The person's rows of one kind, a few at a time; values as JSON has them."""
        ...


class PersonalData(Protocol):
    """All that is kept about people."""

    def open(self, user_id: UserId, /) -> AbstractAsyncContextManager[PersonalDataSnapshot]:
        """A person's data as of now, for as long as the context lasts.

        It holds a connection: ``TooManyRequestsError`` where the person has others open,
        ``ServiceUnavailableError`` where everybody has too many.
        """
        ...


class Retention(Protocol):
    """The end of what has been kept long enough."""

    async def apply(self, now: datetime, /) -> Mapping[str, int]:
        """Delete what is over; how many rows of each table."""
        ...
