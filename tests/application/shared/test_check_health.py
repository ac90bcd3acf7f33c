"""Asking the dependencies."""

import pytest

from application.shared.check_health import CheckHealth
from application.shared.ports import DependencyState
from tests.fakes.shared import FakeClock

pytestmark = pytest.mark.anyio


def answering(*, healthy: bool) -> "Probe":
    """A probe with that answer."""
    return Probe(DependencyState(healthy=healthy, response_time_ms=1, detail=None))


class Probe:
    """A ``HealthProbe`` with a fixed answer."""

    def __init__(self, state: DependencyState) -> None:
        self._state = state

    async def __call__(self) -> DependencyState:
        """The answer."""
        return self._state


@pytest.mark.parametrize("healthy", [True, False])
async def test_one_unhealthy_dependency_makes_the_whole_unhealthy(*, healthy: bool) -> None:
    probes = {"database": answering(healthy=True), "other": answering(healthy=healthy)}
    report = await CheckHealth(clock=FakeClock(), probes=probes)()
    assert report.healthy is healthy
    assert set(report.dependencies) == {"database", "other"}
