"""How the things that the service leans on are doing."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import msgspec

from application.shared.ports import Clock, DependencyState, HealthProbe


class HealthReport(msgspec.Struct, frozen=True, kw_only=True):
    """The state of each dependency by name, asked at ``checked_at``."""

    checked_at: datetime
    dependencies: dict[str, DependencyState]

    @property
    def healthy(self) -> bool:
        """Whether every dependency answered."""
        return all(state.healthy for state in self.dependencies.values())

    @classmethod
    async def gather(cls, probes: Mapping[str, HealthProbe], clock: Clock) -> "HealthReport":
        """Ask all probes at once; takes as long as the slowest, never raises."""
        states = await asyncio.gather(*(probe() for probe in probes.values()))
        return cls(checked_at=clock(), dependencies=dict(zip(probes, states, strict=True)))
