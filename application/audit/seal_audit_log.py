"""Give new audit records their places in the chain."""

from dataclasses import dataclass
from typing import final

from application.audit.ports import BeginAudit

BATCH = 1000


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SealAuditLog:
    """Seal batch by batch, a transaction each; nobody who writes records waits for it."""

    begin: BeginAudit

    async def __call__(self) -> int:
        """How many records were sealed; 0 where another process is at it."""
        sealed = 0
        while True:
            async with self.begin() as tx:
                batch = await tx.chain.seal(BATCH)
            sealed += batch
            if batch < BATCH:
                return sealed
