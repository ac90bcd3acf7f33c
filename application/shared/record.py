"""The record of a fact: told to the world and kept in the audit log, both or neither."""

from typing import Protocol

from application.shared.ports import AuditLog, Outbox
from domain.shared.audit_record import AuditRecord
from domain.shared.events import Event
from domain.shared.ids import AuditId
from domain.shared.origin import Origin


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


async def record(tx: RecordingTransaction, event: Event, origin: Origin) -> None:
    """Append ``event`` to the outbox and, with where it came from, to the audit log."""
    resource_type, resource_id = event.resource
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
        )
    )
