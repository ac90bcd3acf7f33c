"""Wire shapes of health."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from application.shared.health_report import HealthReport
from entrypoints.http.wire import Time

State = Annotated[Literal["healthy", "unhealthy"], Meta(examples=["healthy"])]


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What a dependency that is not healthy said."""

    error: str


class DependencyHealth(msgspec.Struct, frozen=True, kw_only=True):
    """How one dependency answered."""

    status: State
    response_time_ms: Annotated[int, Meta(examples=[1])]
    details: Details | None


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How the service and its dependencies are doing."""

    status: State
    timestamp: Time
    services: dict[str, DependencyHealth]

    @classmethod
    def of(cls, report: HealthReport) -> "Health":
        """The wire shape of a report."""
        return cls(
            status="healthy" if report.healthy else "unhealthy",
            timestamp=report.checked_at,
            services={
                name: DependencyHealth(
                    status="healthy" if state.healthy else "unhealthy",
                    response_time_ms=state.response_time_ms,
                    details=None if state.detail is None else Details(error=state.detail),
                )
                for name, state in report.dependencies.items()
            },
        )


class Liveness(msgspec.Struct, frozen=True, kw_only=True):
    """A process that runs."""

    status: Literal["alive"]
    timestamp: Time
