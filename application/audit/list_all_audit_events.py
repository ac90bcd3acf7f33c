"""Show an administrator what was done, by anybody; that they looked is kept as well."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.audit.ports import AuditPage, AuditReader, AuditSlice, BeginAudit
from application.shared.ports import Clock, NewId
from domain.shared.audit_record import AuditRecord
from domain.shared.ids import AuditId, UserId
from domain.shared.origin import Origin

ACTION = "audit.log_read.v1"


class AuditLook(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants to see which part of the log."""

    actor: UserId
    slice: AuditSlice
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ListAllAuditEvents:
    """Read a slice of everybody's records; whoever calls has asked whether that is permitted."""

    begin: BeginAudit
    reader: AuditReader
    clock: Clock
    new_id: NewId

    async def __call__(self, query: AuditLook, /) -> AuditPage:
        """Up to ``limit`` records, newest first, and where to go on."""
        page = await self.reader.page(query.slice)
        whose = query.slice.user_id
        async with self.begin() as tx:
            await tx.audit.append(
                AuditRecord(
                    id=AuditId(self.new_id()),
                    user_id=query.actor,
                    action=ACTION,
                    resource_type="user" if whose else "audit_log",
                    resource_id=str(whose) if whose else None,
                    origin=query.origin,
                    created_at=self.clock(),
                )
            )
        return page
