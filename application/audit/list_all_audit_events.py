"""Show an administrator what was done, by anybody."""

from dataclasses import dataclass
from typing import final

from application.audit.ports import AuditPage, AuditReader, AuditSlice


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ListAllAuditEvents:
    """Read a slice of everybody's records; whoever calls has asked whether that is permitted."""

    reader: AuditReader

    async def __call__(self, query: AuditSlice, /) -> AuditPage:
        """Up to ``query.limit`` records, newest first, and where to go on."""
        return await self.reader.page(query)
