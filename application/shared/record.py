"""The record of a fact: told to the world and kept in the audit log, both or neither."""

from typing import Protocol

from application.shared.ports import AuditLog, Outbox
from domain.shared.audit_record import AuditRecord
from domain.shared.events import Event
from domain.shared.ids import AuditId
from domain.shared.origin import Origin
from domain.shared.state import State, difference


class RecordingTransaction(Protocol):
    """A transaction that keeps events and audit records."""

    @property
    def outbox(self) -> Outbox:
        """Events of this transaction."""
        ...

    @property
    def audit(self) -> AuditLog:
        """Audit records of this transaction."""
        ...


async def record(
    tx: RecordingTransaction,
    event: Event,
    origin: Origin,
    *,
    before: State | None = None,
    after: State | None = None,
) -> None:
    """Append ``event`` to the outbox and, with where it came from, to the audit log.

    Of ``before`` and ``after``, the state of what the fact is about, the log keeps the fields
    that differ, redacted. Nothing else writes events, so each leaves one audit record.
    """
    resource_type, resource_id = event.resource
    old, new = difference(before, after)
    await tx.outbox.append(event)
    await tx.audit.append(
        AuditRecord(
            id=AuditId(event.id),
            user_id=event.user_id,
            action=event.type,
            resource_type=resource_type,
            resource_id=resource_id,
            origin=origin,
            created_at=event.occurred_at,
            before=old,
            after=new,
        )
    )
