"""Erasing again whoever came back."""

import pytest

from application.privacy.list_erasures import ListErasures
from application.privacy.replay_erasures import ReplayErasures
from tests.fakes.privacy import FakeErasureLedger
from tests.fakes.shared import FakeClock

pytestmark = pytest.mark.anyio


async def test_those_who_are_here_are_scheduled() -> None:
    ledger, clock = FakeErasureLedger([b"gone", b"elsewhere"], here={b"gone"}), FakeClock()
    digests = await ListErasures(ledger=ledger)()
    assert await ReplayErasures(ledger=ledger, clock=clock)(digests) == 1
    assert ledger.scheduled == {b"gone": clock()}
