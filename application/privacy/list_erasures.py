"""Tell who was erased, in a form that only this service can compare with anything."""

from dataclasses import dataclass
from typing import final

from application.privacy.ports import ErasureLedger


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ListErasures:
    """Read the ledger, to be kept where no backup of the database is."""

    ledger: ErasureLedger

    async def __call__(self) -> list[bytes]:
        """Keyed digests, oldest first."""
        return await self.ledger.digests()
