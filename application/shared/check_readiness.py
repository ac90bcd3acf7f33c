"""Whether this process should be sent requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from application.shared.health_report import HealthReport
from application.shared.ports import Clock, HealthProbe


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReadiness:
    """Ask only what no request can do without: the database, at the expected schema.

    Redis is not among it: the service answers without it, so its loss must not take every
    process out of the load balancer.
    """

    clock: Clock
    probes: Mapping[str, HealthProbe]

    async def __call__(self) -> HealthReport:
        """The report; never raises."""
        return await HealthReport.gather(self.probes, self.clock)
