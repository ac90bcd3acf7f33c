"""What the audit log keeps of an action: who did what to which thing, from where, with what end."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from domain.shared.ids import AuditId, UserId
from domain.shared.origin import Origin
from domain.shared.state import Shown


class Outcome(StrEnum):
    """Whether the action was done or refused."""

    SUCCESS = "success"
    REFUSED = "refused"


class AuditRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the audit log; it never holds a secret, a password or a token.

    ``before`` and ``after`` are the fields that the action changed, redacted by
    ``domain.shared.state``; ``None`` where there was no state or none that is kept.
    """

    id: AuditId
    user_id: UserId | None
    action: str
    resource_type: str
    resource_id: str | None
    origin: Origin
    created_at: datetime
    outcome: Outcome = Outcome.SUCCESS
    before: Mapping[str, Shown] | None = None
    after: Mapping[str, Shown] | None = None
