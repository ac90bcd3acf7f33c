"""What the audit log keeps of an action: who did what to which thing, from where."""

from datetime import datetime

import msgspec

from domain.shared.ids import AuditId, UserId
from domain.shared.origin import Origin


class AuditRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the audit log; it never holds a secret, a password or a token."""

    id: AuditId
    user_id: UserId | None
    action: str
    resource_type: str
    resource_id: str | None
    origin: Origin
    created_at: datetime
