"""Erase again whoever came back with a restored backup."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

from application.privacy.ports import ErasureLedger
from application.shared.ports import Clock


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayErasures:
    """Make the erasure of everybody due who is on a kept ledger; the worker does the rest."""

    ledger: ErasureLedger
    clock: Clock

    async def __call__(self, digests: Iterable[bytes], /) -> int:
        """How many of them are here; doing it again changes nothing."""
        return await self.ledger.schedule(frozenset(digests), self.clock())
