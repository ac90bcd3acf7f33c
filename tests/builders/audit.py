"""A key for the audit chain, and small valid records."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from adapters.system.new_id import UuidV7
from domain.audit.chain import ChainKey
from domain.shared.audit_record import AuditRecord, Outcome
from domain.shared.ids import AuditId, UserId
from domain.shared.origin import Origin
from domain.shared.state import Shown
from tests.builders.accounts import NOW

CHAIN_KEY = ChainKey(value=bytes(range(32)))
new_id = UuidV7()


def a_record(
    *,
    user_id: UserId | None = None,
    action: str = "blocklists.artist_blocked.v1",
    created_at: datetime = NOW,
    address: str | None = "192.0.2.1",
    outcome: Outcome = Outcome.SUCCESS,
    before: Mapping[str, Shown] | None = None,
    after: Mapping[str, Shown] | None = None,
) -> AuditRecord:
    """Something that somebody did."""
    return AuditRecord(
        id=AuditId(new_id()),
        user_id=user_id or UserId(uuid4()),
        action=action,
        outcome=outcome,
        resource_type="artist",
        resource_id=str(uuid4()),
        origin=Origin(address=address, user_agent="pytest", request_id="request-1"),
        created_at=created_at,
        before=before,
        after=after,
    )
