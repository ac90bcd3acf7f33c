"""Telling events."""

from datetime import datetime

import pytest

from application.shared.relay_events import KEPT_AFTER_TELLING, RelayEvents
from tests.fakes.shared import FakeClock

pytestmark = pytest.mark.anyio


class FakeEventRelay:
    """``EventRelay`` with so many batches waiting."""

    def __init__(self, *batches: int) -> None:
        self.batches = list(batches)
        self.forgotten_before: datetime | None = None

    async def relay(self, limit: int, now: datetime, /) -> int:
        """The next batch."""
        return self.batches.pop(0) if self.batches else 0

    async def forget(self, told_before: datetime, /) -> int:
        """Keep the bound."""
        self.forgotten_before = told_before
        return 0


async def test_the_outbox_is_emptied_and_old_events_are_forgotten() -> None:
    relay, clock = FakeEventRelay(200, 200, 7), FakeClock()
    assert await RelayEvents(relay=relay, clock=clock)() == 407
    assert relay.forgotten_before == clock.now - KEPT_AFTER_TELLING
