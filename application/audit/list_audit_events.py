"""Show somebody what was done in their name."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.audit.ports import AuditPage, AuditPosition, AuditReader, AuditSlice
from domain.shared.ids import UserId


class OwnAuditEvents(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of their own records a person wants; ``action`` is how its name begins."""

    actor: UserId
    action: str | None
    limit: int
    after: AuditPosition | None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ListAuditEvents:
    """Read a slice of the records of the person who asks; nobody else's can be asked for."""

    reader: AuditReader

    async def __call__(self, query: OwnAuditEvents, /) -> AuditPage:
        """Up to ``query.limit`` records, newest first, and where to go on."""
        return await self.reader.page(
            AuditSlice(
                user_id=query.actor, action=query.action, limit=query.limit, after=query.after
            )
        )
