"""What the use cases of the audit log need from the outside."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import msgspec

from application.shared.ports import AuditLog
from domain.audit.chain import Mark, SealedRecord, SignedRecord
from domain.shared.audit_record import AuditRecord
from domain.shared.ids import AuditId, UserId


class AuditPosition(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """The last record that was read."""

    created_at: datetime
    id: AuditId


class AuditSlice(msgspec.Struct, frozen=True, kw_only=True):
    """Which records are wanted, newest first: whose (``None``: everybody's), of which actions.

    ``action`` is how the name of the action begins.
    """

    user_id: UserId | None
    action: str | None
    limit: int
    after: AuditPosition | None


class AuditPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some records, and where to go on (``None`` at the end)."""

    records: list[AuditRecord]
    next: AuditPosition | None


class AuditReader(Protocol):
    """The audit log, as it is shown: one statement for each page."""

    async def page(self, slice: AuditSlice, /) -> AuditPage:
        """The records after ``slice.after``; stable while records come."""
        ...


class AuditChain(Protocol):
    """The chain that ties the records together, inside one transaction.

    One transaction at a time changes it; whoever comes meanwhile changes nothing and is told 0.
    Every method raises ``ChainBrokenError`` where what it builds on was tampered with.
    """

    async def seal(self, limit: int, /) -> int:
        """Give up to ``limit`` records without a place the next places; how many there were.

        Records of transactions that are still open are sealed later, in the places after.
        """
        ...

    async def remove(self, before: datetime, limit: int, /) -> int:
        """Remove up to ``limit`` records from the start of the chain, all older than ``before``.

        They are checked first, and the last of them becomes the floor from which the rest is
        checked. How many there were; the database itself refuses records younger than a year.
        """
        ...

    async def forget_addresses(self, before: datetime, limit: int, /) -> int:
        """Take the network address out of up to ``limit`` records older than ``before``.

        Their keyed digest stays, so that the chain is as whole as before. How many there were.
        """
        ...


class AuditTransaction(Protocol):
    """All of it or nothing: commits on a clean exit, rolls back on any exception."""

    @property
    def audit(self) -> AuditLog:
        """Audit records of this transaction."""
        ...

    @property
    def chain(self) -> AuditChain:
        """What ties them together."""
        ...


BeginAudit = Callable[[], AbstractAsyncContextManager[AuditTransaction]]


class ChainView(Protocol):
    """The whole log as of one moment."""

    @property
    def floor(self) -> Mark | None:
        """The last record that retention has removed, if it has removed any."""
        ...

    @property
    def head(self) -> Mark | None:
        """The newest record that was sealed, if one was."""
        ...

    def sealed(self) -> AsyncIterator[SealedRecord]:
        """The records that have a place, in the order of their places, a few at a time."""
        ...

    def unsealed(self) -> AsyncIterator[SignedRecord]:
        """The records that have none yet, oldest first, a few at a time."""
        ...


class ChainReader(Protocol):
    """The way to look at the log without changing it."""

    def look(self) -> AbstractAsyncContextManager[ChainView]:
        """The log as of now, for as long as the block lasts."""
        ...
