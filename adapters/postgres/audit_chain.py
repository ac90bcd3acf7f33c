"""The chain of the audit log in PostgreSQL: extended, cut at its start, and looked at."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import psycopg

from adapters.postgres.audit_log import RECORD_COLUMNS, record_of
from adapters.postgres.pool import Connection, Pool, snapshot
from domain.audit.chain import (
    GENESIS,
    ChainKey,
    Mark,
    MarkKind,
    SealedRecord,
    SignedRecord,
)
from domain.audit.chain_check import ChainCheck, Fault
from domain.audit.errors import ChainBrokenError
from domain.audit.retention import ADDRESS_KEPT_FOR, KEPT_FOR

_LOCK = 0x6175646974  # "audit": one transaction at a time changes the chain
_ROWS_AT_ONCE = 2000

_COLUMNS = f"{RECORD_COLUMNS}, address_digest, signature, chain_position, chain_hash"
_UNSEALED = f"select {_COLUMNS} from audit_log where chain_hash is null order by id"  # noqa: S608
_SEALED = (
    f"select {_COLUMNS} from audit_log where chain_position is not null "  # noqa: S608
    "order by chain_position"
)
_SEAL = """
update audit_log a set chain_position = s.position, chain_hash = s.hash
from unnest(%s::uuid[], %s::bigint[], %s::bytea[]) as s (id, position, hash)
where a.id = s.id
"""
_MARK = """
insert into audit_chain (kind, position, hash, signature) values (%s, %s, %s, %s)
on conflict (kind) do update
set position = excluded.position, hash = excluded.hash, signature = excluded.signature
"""
_FORGET = """
update audit_log set ip_address = null
where id in (
    select id from audit_log where ip_address is not null and created_at < %s
    order by created_at limit %s
)
"""


class PostgresAuditChain:
    """``AuditChain`` inside one transaction; an advisory lock makes it the only one."""

    def __init__(self, connection: Connection, key: ChainKey) -> None:
        self._connection = connection
        self._key = key

    async def seal(self, limit: int, /) -> int:
        """Read, compute, write back in one statement; only sealers touch these rows again."""
        if not await self._alone():
            return 0
        head = await self._marked(MarkKind.HEAD)
        position, previous = (head.position, head.hash) if head else (0, GENESIS)
        if head is None and await self._is_begun():
            raise ChainBrokenError("The head of the chain was taken away.")
        cursor = await self._connection.execute(f"{_UNSEALED} limit %s", [limit], binary=True)
        ids, positions, hashes = [], [], []
        for row in await cursor.fetchall():
            signed = _signed(row)
            position += 1
            previous = self._key.link(previous, position, signed)
            ids.append(signed.record.id)
            positions.append(position)
            hashes.append(previous)
        if ids:
            try:
                await self._connection.execute(_SEAL, [ids, positions, hashes])
            except psycopg.errors.UniqueViolation as error:
                raise ChainBrokenError("The head of the chain was put back.") from error
            await self._keep(MarkKind.HEAD, position, previous)
        return len(ids)

    async def remove(self, before: datetime, limit: int, /) -> int:
        """Check, move the floor, delete by the function that alone may."""
        await self._wait_to_be_alone()
        floor = await self._marked(MarkKind.FLOOR)
        before = await self._old_enough(before, KEPT_FOR)
        check = ChainCheck.start(self._key, floor, before + KEPT_FOR)
        if isinstance(check, Fault):
            raise ChainBrokenError(check.what)
        cursor = await self._connection.execute(f"{_SEALED} limit %s", [limit], binary=True)
        removed = 0
        for row in await cursor.fetchall():
            if row[9] >= before:
                break
            step = check.step(_sealed(row))
            if isinstance(step, Fault):
                raise ChainBrokenError(f"Row {step.position} is not as it was written.")
            check, removed = step, removed + 1
        if removed:
            await self._keep(MarkKind.FLOOR, check.position, check.hash)
            await self._connection.execute("select remove_audit_records(%s)", [check.position])
        return removed

    async def forget_addresses(self, before: datetime, limit: int, /) -> int:
        """By the index on rows that have an address."""
        await self._wait_to_be_alone()
        before = await self._old_enough(before, ADDRESS_KEPT_FOR)
        cursor = await self._connection.execute(_FORGET, [before, limit])
        return cursor.rowcount

    async def _alone(self) -> bool:
        cursor = await self._connection.execute("select pg_try_advisory_xact_lock(%s)", [_LOCK])
        return await cursor.fetchone() == (True,)

    async def _wait_to_be_alone(self) -> None:
        """For what is done once an hour: not to be put off because somebody seals just then."""
        await self._connection.execute("select pg_advisory_xact_lock(%s)", [_LOCK])

    async def _is_begun(self) -> bool:
        cursor = await self._connection.execute(
            "select exists (select from audit_log where chain_position is not null) "
            "or exists (select from audit_chain)"
        )
        return await cursor.fetchone() == (True,)

    async def _old_enough(self, before: datetime, kept_for: timedelta) -> datetime:
        """By the database's clock too, which guards the rows."""
        cursor = await self._connection.execute(
            "select least(%s, now() - make_interval(hours => %s))",
            [before, kept_for // timedelta(hours=1)],
        )
        row = await cursor.fetchone()
        assert row is not None
        old_enough: datetime = row[0]
        return old_enough

    async def _marked(self, kind: MarkKind) -> Mark | None:
        mark = await _mark(self._connection, kind)
        if mark is not None and not self._key.has_marked(kind, mark):
            raise ChainBrokenError(f"The {kind} of the chain is forged.")
        return mark

    async def _keep(self, kind: MarkKind, position: int, hash: bytes) -> None:
        signature = self._key.mark(kind, position, hash).signature
        await self._connection.execute(_MARK, [kind.value, position, hash, signature])


class PostgresChainView:
    """``ChainView`` on one snapshot; server-side cursors keep memory flat."""

    def __init__(self, connection: Connection, floor: Mark | None, head: Mark | None) -> None:
        self._connection = connection
        self.floor = floor
        self.head = head

    async def sealed(self) -> AsyncIterator[SealedRecord]:
        """By the unique index on positions."""
        async for row in self._rows("sealed", _SEALED):
            yield _sealed(row)

    async def unsealed(self) -> AsyncIterator[SignedRecord]:
        """By the index on rows without a place."""
        async for row in self._rows("unsealed", _UNSEALED):
            yield _signed(row)

    async def _rows(self, name: str, statement: str) -> AsyncIterator[Sequence[Any]]:
        async with self._connection.cursor(name, binary=True) as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            await cursor.execute(statement)
            async for row in cursor:
                yield row


class PostgresChainReader:
    """``ChainReader``: a read-only transaction that sees one moment."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def look(self) -> AsyncIterator[PostgresChainView]:
        """Both marks at once, rows as they are asked for."""
        async with snapshot(self._pool) as connection:
            yield PostgresChainView(
                connection,
                floor=await _mark(connection, MarkKind.FLOOR),
                head=await _mark(connection, MarkKind.HEAD),
            )


async def _mark(connection: Connection, kind: MarkKind) -> Mark | None:
    cursor = await connection.execute(
        "select position, hash, signature from audit_chain where kind = %s", [kind.value]
    )
    row = await cursor.fetchone()
    return None if row is None else Mark(position=row[0], hash=row[1], signature=row[2])


def _signed(row: Sequence[Any]) -> SignedRecord:
    return SignedRecord(record=record_of(row), address_digest=row[12], signature=row[13])


def _sealed(row: Sequence[Any]) -> SealedRecord:
    return SealedRecord(signed=_signed(row), position=row[14], hash=row[15])
