"""The time in which somebody can still change their mind."""

from datetime import datetime, timedelta

import msgspec

GRACE = timedelta(days=7)


class Deletion(msgspec.Struct, frozen=True, kw_only=True):
    """An account that will be erased at ``due_at`` (GDPR article 17)."""

    requested_at: datetime
    due_at: datetime

    @classmethod
    def requested(cls, now: datetime) -> "Deletion":
        """One that begins now."""
        return cls(requested_at=now, due_at=now + GRACE)
