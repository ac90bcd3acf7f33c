"""Wire shapes of the audit log."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from domain.shared.audit_record import AuditRecord, Outcome
from entrypoints.http.wire import Time

State = Annotated[
    dict[str, str | int | bool | None],
    Meta(examples=[{"theme": "dark", "note": "12 characters"}]),
]


class AuditEvent(Struct, frozen=True, kw_only=True):
    """One thing that was done or refused, and from where.

    `before` and `after` hold the fields that changed: choices as they are, what somebody wrote
    as its length. The network address is forgotten after 90 days.
    """

    id: Annotated[UUID, Meta(examples=["01a1fc92-f28d-7423-8b08-1933147824f5"])]
    user_id: Annotated[
        UUID | None, Meta(description="Who did it, or whose account it was tried on.")
    ]
    action: Annotated[str, Meta(examples=["accounts.settings_updated.v1"])]
    outcome: Outcome
    resource_type: Annotated[str, Meta(examples=["user"])]
    resource_id: Annotated[str | None, Meta(examples=["01a1fc92-f28d-7423-8b08-1933147824f5"])]
    before: State | None
    after: State | None
    address: Annotated[str | None, Meta(examples=["192.0.2.1"])]
    user_agent: Annotated[str | None, Meta(examples=["Mozilla/5.0"])]
    request_id: Annotated[str, Meta(examples=["0d9f0c7a5e6b4f0f8a52a4f1c0de7a11"])]
    created_at: Time

    @classmethod
    def of(cls, record: AuditRecord) -> "AuditEvent":
        """The wire shape of a record."""
        return cls(
            id=record.id,
            user_id=record.user_id,
            action=record.action,
            outcome=record.outcome,
            resource_type=record.resource_type,
            resource_id=record.resource_id,
            before=None if record.before is None else dict(record.before),
            after=None if record.after is None else dict(record.after),
            address=record.origin.address,
            user_agent=record.origin.user_agent,
            request_id=record.origin.request_id,
            created_at=record.created_at,
        )


class AuditEventPage(Struct, frozen=True, kw_only=True):
    """Some records, newest first, and the cursor of the next ones (`null` at the end)."""

    items: list[AuditEvent]
    next_cursor: str | None
