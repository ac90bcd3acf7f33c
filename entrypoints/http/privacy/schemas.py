"""Wire shapes of privacy."""

import msgspec

from domain.privacy.deletion import Deletion
from entrypoints.http.wire import Time


class ScheduledDeletion(msgspec.Struct, frozen=True, kw_only=True):
    """When the account will be erased; until then it can be kept after all."""

    requested_at: Time
    due_at: Time

    @classmethod
    def of(cls, deletion: Deletion) -> "ScheduledDeletion":
        """The wire shape."""
        return cls(requested_at=deletion.requested_at, due_at=deletion.due_at)
