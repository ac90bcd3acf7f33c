"""Asking the dependencies."""

import pytest

from application.shared.check_health import CheckHealth
from tests.fakes.shared import FakeClock, FakeHealthProbe

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("healthy", [True, False])
async def test_one_unhealthy_dependency_makes_the_whole_unhealthy(*, healthy: bool) -> None:
    probes = {"database": FakeHealthProbe(healthy=True), "other": FakeHealthProbe(healthy=healthy)}
    report = await CheckHealth(clock=FakeClock(), probes=probes)()
    assert report.healthy is healthy
    assert set(report.dependencies) == {"database", "other"}
