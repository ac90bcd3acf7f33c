"""Remove what the audit log may no longer keep: addresses after 90 days, records after a year."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.audit.ports import AuditTransaction, BeginAudit
from application.shared.ports import Clock, NewId
from domain.audit.retention import ADDRESS_KEPT_FOR, KEPT_FOR
from domain.shared.audit_record import AuditRecord
from domain.shared.ids import AuditId
from domain.shared.origin import Origin

BATCH = 5000
ACTION = "audit.records_removed.v1"


class Expired(msgspec.Struct, frozen=True, kw_only=True):
    """How many addresses and how many records were removed."""

    addresses: int
    records: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireAuditRecords:
    """Remove batch by batch, a transaction each; each batch of records leaves a record of it."""

    begin: BeginAudit
    clock: Clock
    new_id: NewId

    async def __call__(self) -> Expired:
        """How many there were; ``ChainBrokenError`` where what is to go was tampered with."""
        addresses = records = 0
        now = self.clock()
        while True:
            async with self.begin() as tx:
                forgotten = await tx.chain.forget_addresses(now - ADDRESS_KEPT_FOR, BATCH)
            addresses += forgotten
            if forgotten < BATCH:
                break
        while True:
            async with self.begin() as tx:
                removed = await tx.chain.remove(now - KEPT_FOR, BATCH)
                if removed:
                    await self._record(tx, removed)
            records += removed
            if removed < BATCH:
                return Expired(addresses=addresses, records=records)

    async def _record(self, tx: AuditTransaction, removed: int) -> None:
        record_id = AuditId(self.new_id())
        await tx.audit.append(
            AuditRecord(
                id=record_id,
                user_id=None,
                action=ACTION,
                resource_type="audit_log",
                resource_id=None,
                origin=Origin(address=None, user_agent=None, request_id=f"worker-{record_id.hex}"),
                created_at=self.clock(),
                after={"removed": removed},
            )
        )
