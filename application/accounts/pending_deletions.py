"""What accounts has to know of deletions that wait."""

from datetime import datetime
from typing import Protocol

from domain.shared.ids import UserId


class PendingDeletions(Protocol):
    """Accounts that are going to be erased."""

    async def cancel(self, user_id: UserId, now: datetime, /) -> bool:
        """Keep an account after all; ``False`` where nothing was asked for or it has begun."""
        ...
