"""The audit log's chain in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import msgspec

from application.audit.ports import AuditPage, AuditPosition, AuditSlice, BeginAudit
from domain.audit.chain import GENESIS, ChainKey, Mark, MarkKind, SealedRecord, SignedRecord
from domain.audit.chain_check import ChainCheck, Fault
from domain.audit.errors import ChainBrokenError
from domain.audit.retention import KEPT_FOR
from domain.shared.audit_record import AuditRecord
from tests.builders.audit import CHAIN_KEY
from tests.fakes.shared import FakeAuditLog, FakeDatabase, Rows


class FakeAuditChain:
    """``AuditChain`` in memory; rows are signed when they are sealed."""

    def __init__(self, rows: Rows, key: ChainKey = CHAIN_KEY) -> None:
        self._rows = rows
        self._key = key

    async def seal(self, limit: int, /) -> int:
        """One row after another."""
        head = self._marked(MarkKind.HEAD)
        position, previous = (head.position, head.hash) if head else (0, GENESIS)
        waiting = unsealed(self._rows)[:limit]
        for record in waiting:
            signed, position = self._key.sign(record), position + 1
            previous = self._key.link(previous, position, signed)
            self._rows.chain.append(SealedRecord(signed=signed, position=position, hash=previous))
        if waiting:
            self._rows.marks[MarkKind.HEAD] = self._key.mark(MarkKind.HEAD, position, previous)
        return len(waiting)

    async def remove(self, before: datetime, limit: int, /) -> int:
        """Check, move the floor, drop."""
        check = ChainCheck.start(self._key, self._marked(MarkKind.FLOOR), before + KEPT_FOR)
        gone = set()
        for row in self._rows.chain[:limit]:
            if row.signed.record.created_at >= before:
                break
            step = check.step(row) if isinstance(check, ChainCheck) else check
            if isinstance(step, Fault):
                raise ChainBrokenError(step.what)
            check = step
            gone.add(row.signed.record.id)
        if gone and isinstance(check, ChainCheck):
            floor = self._key.mark(MarkKind.FLOOR, check.position, check.hash)
            self._rows.marks[MarkKind.FLOOR] = floor
            self._rows.chain[:] = self._rows.chain[len(gone) :]
            self._rows.audit[:] = [row for row in self._rows.audit if row.id not in gone]
        return len(gone)

    async def forget_addresses(self, before: datetime, limit: int, /) -> int:
        """Replace the records that have one."""
        old = [
            record
            for record in self._rows.audit
            if record.created_at < before and record.origin.address is not None
        ][:limit]
        ids = {record.id for record in old}
        self._rows.audit[:] = [
            _without_address(record) if record.id in ids else record for record in self._rows.audit
        ]
        self._rows.chain[:] = [
            msgspec.structs.replace(
                row,
                signed=msgspec.structs.replace(
                    row.signed, record=_without_address(row.signed.record)
                ),
            )
            if row.signed.record.id in ids
            else row
            for row in self._rows.chain
        ]
        return len(old)

    def _marked(self, kind: MarkKind) -> Mark | None:
        mark = self._rows.marks.get(kind)
        if mark is not None and not self._key.has_marked(kind, mark):
            raise ChainBrokenError("forged")
        return mark


class FakeAuditTransaction:
    """``AuditTransaction`` on a copy of the rows."""

    def __init__(self, rows: Rows) -> None:
        self.audit = FakeAuditLog(rows)
        self.chain = FakeAuditChain(rows)


def begin_audit(database: FakeDatabase) -> BeginAudit:
    """``BeginAudit`` in memory."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[FakeAuditTransaction]:
        async with database.transaction() as rows:
            yield FakeAuditTransaction(rows)

    return begin


class FakeChainView:
    """``ChainView`` over what is committed."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.floor = rows.marks.get(MarkKind.FLOOR)
        self.head = rows.marks.get(MarkKind.HEAD)

    async def sealed(self) -> AsyncIterator[SealedRecord]:
        """In order."""
        for row in sorted(self._rows.chain, key=lambda row: row.position):
            yield row

    async def unsealed(self) -> AsyncIterator[SignedRecord]:
        """In order."""
        for record in unsealed(self._rows):
            yield CHAIN_KEY.sign(record)


class FakeChainReader:
    """``ChainReader`` in memory."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    @asynccontextmanager
    async def look(self) -> AsyncIterator[FakeChainView]:
        """What is committed now."""
        yield FakeChainView(self._database.rows.copy())


class FakeAuditReader:
    """``AuditReader`` over what is committed."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    async def page(self, slice: AuditSlice, /) -> AuditPage:
        """Filter, sort, cut."""
        found = sorted(
            (
                record
                for record in self._database.rows.audit
                if slice.user_id in {None, record.user_id}
                and record.action.startswith(slice.action or "")
                and (slice.after is None or _key(record) < (slice.after.created_at, slice.after.id))
            ),
            key=_key,
            reverse=True,
        )
        records = found[: slice.limit]
        more = len(found) > slice.limit
        last = AuditPosition(created_at=records[-1].created_at, id=records[-1].id) if more else None
        return AuditPage(records=records, next=last)


def unsealed(rows: Rows) -> list[AuditRecord]:
    """The records without a place, oldest first."""
    sealed = {row.signed.record.id for row in rows.chain}
    waiting = [record for record in rows.audit if record.id not in sealed]
    return sorted(waiting, key=lambda record: record.id)


def _key(record: AuditRecord) -> tuple[datetime, object]:
    return record.created_at, record.id


def _without_address(record: AuditRecord) -> AuditRecord:
    return msgspec.structs.replace(
        record, origin=msgspec.structs.replace(record.origin, address=None)
    )
