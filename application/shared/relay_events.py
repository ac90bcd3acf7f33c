"""Tell the world what has happened, and forget it when it has been told long enough ago."""

from dataclasses import dataclass
from datetime import timedelta
from typing import final

from application.shared.ports import Clock, EventRelay

BATCH = 200
KEPT_AFTER_TELLING = timedelta(days=7)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RelayEvents:
    """Empty the outbox batch by batch; any number of these may run side by side."""

    relay: EventRelay
    clock: Clock

    async def __call__(self) -> int:
        """How many events were told."""
        told = 0
        while batch := await self.relay.relay(BATCH, self.clock()):
            told += batch
        await self.relay.forget(self.clock() - KEPT_AFTER_TELLING)
        return told
