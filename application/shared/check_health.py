"""How the service and everything that it leans on are doing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from application.shared.health_report import HealthReport
from application.shared.ports import Clock, HealthProbe


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CheckHealth:
    """Ask every dependency at once and report on each."""

    clock: Clock
    probes: Mapping[str, HealthProbe]

    async def __call__(self) -> HealthReport:
        """The report; never raises."""
        return await HealthReport.gather(self.probes, self.clock)
