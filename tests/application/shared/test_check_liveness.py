"""Being alive."""

import pytest

from application.shared.check_liveness import CheckLiveness
from tests.fakes.shared import FakeClock

pytestmark = pytest.mark.anyio


async def test_a_process_that_runs_knows_the_time() -> None:
    clock = FakeClock()
    assert await CheckLiveness(clock=clock)() == clock.now
