"""The audit log in PostgreSQL: rows as they are written, signed, and pages as they are shown."""

from collections.abc import Sequence
from datetime import UTC
from ipaddress import ip_address
from typing import Any

from psycopg.types.json import Jsonb

from adapters.postgres.pool import Connection, Pool, fetch_all
from application.audit.ports import AuditPage, AuditPosition, AuditSlice
from domain.audit.chain import ChainKey
from domain.shared.audit_record import AuditRecord, Outcome
from domain.shared.origin import Origin

RECORD_COLUMNS = """
id, user_id, action, outcome, resource_type, resource_id, host(ip_address), user_agent, request_id,
created_at, old_state, new_state
"""


class PostgresAuditLog:
    """``AuditLog`` inside one transaction."""

    def __init__(self, connection: Connection, key: ChainKey) -> None:
        self._connection = connection
        self._key = key

    async def append(self, record: AuditRecord, /) -> None:
        """Sign and insert."""
        signed = self._key.sign(record)
        address = record.origin.address
        await self._connection.execute(
            """
            insert into audit_log (id, user_id, action, outcome, resource_type, resource_id,
                                   ip_address, user_agent, request_id, created_at, old_state,
                                   new_state, address_digest, signature)
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            [
                record.id,
                record.user_id,
                record.action,
                record.outcome.value,
                record.resource_type,
                record.resource_id,
                None if address is None else ip_address(address),
                record.origin.user_agent,
                record.origin.request_id,
                record.created_at,
                None if record.before is None else Jsonb(dict(record.before)),
                None if record.after is None else Jsonb(dict(record.after)),
                signed.address_digest,
                signed.signature,
            ],
        )


class PostgresAuditReader:
    """``AuditReader``: a range of one index, read backwards."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def page(self, slice: AuditSlice, /) -> AuditPage:
        """One more row than asked for says whether there is more."""
        conditions, parameters = ["true"], dict[str, object](fetch=slice.limit + 1)
        if slice.user_id is not None:
            conditions.append("user_id = %(user_id)s")
            parameters["user_id"] = slice.user_id
        if slice.action is not None:
            conditions.append("starts_with(action, %(action)s)")
            parameters["action"] = slice.action
        if slice.after is not None:
            conditions.append("(created_at, id) < (%(created_at)s, %(id)s)")
            parameters |= {"created_at": slice.after.created_at, "id": slice.after.id}
        rows = await fetch_all(
            self._pool,
            f"select {RECORD_COLUMNS} from audit_log where {' and '.join(conditions)} "  # noqa: S608
            "order by created_at desc, id desc limit %(fetch)s",
            parameters,
        )
        records = [record_of(row) for row in rows[: slice.limit]]
        if len(rows) <= slice.limit:
            return AuditPage(records=records, next=None)
        last = records[-1]
        return AuditPage(
            records=records, next=AuditPosition(created_at=last.created_at, id=last.id)
        )


def record_of(row: Sequence[Any]) -> AuditRecord:
    """The record of a row that begins with ``RECORD_COLUMNS``."""
    return AuditRecord(
        id=row[0],
        user_id=row[1],
        action=row[2],
        outcome=Outcome(row[3]),
        resource_type=row[4],
        resource_id=row[5],
        origin=Origin(address=row[6], user_agent=row[7], request_id=row[8]),
        created_at=row[9].astimezone(UTC),
        before=row[10],
        after=row[11],
    )
