"""Show somebody whether and when their account will be erased."""

from dataclasses import dataclass
from typing import final

from application.privacy.ports import DeletionReader
from domain.privacy.deletion import Deletion
from domain.privacy.errors import DeletionNotRequestedError
from domain.shared.ids import UserId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class GetDeletion:
    """Read the request of the person who asks."""

    deletions: DeletionReader

    async def __call__(self, actor: UserId, /) -> Deletion:
        """The request; ``DeletionNotRequestedError`` where there is none."""
        deletion = await self.deletions.find(actor)
        if deletion is None:
            raise DeletionNotRequestedError("The account stays.")
        return deletion
