"""Whether the process runs at all."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

from application.shared.ports import Clock


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLiveness:
    """Answer with the time; a process that cannot do that should be restarted."""

    clock: Clock

    async def __call__(self) -> datetime:
        """Now. Asks no dependency, so that a dead database restarts no process."""
        return self.clock()
