"""Delete what has been kept long enough."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from application.privacy.ports import Retention
from application.shared.ports import Clock


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyRetention:
    """Let the data map's times end; any number of these may run side by side."""

    retention: Retention
    clock: Clock

    async def __call__(self) -> Mapping[str, int]:
        """How many rows of each table went."""
        return await self.retention.apply(self.clock())
