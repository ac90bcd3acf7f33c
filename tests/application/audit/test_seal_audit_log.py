"""Sealing, and giving out the head."""

import pytest

from application.audit.seal_audit_log import BATCH
from tests.application.world import World
from tests.builders.audit import a_record

pytestmark = pytest.mark.anyio


async def test_all_rows_are_sealed_however_many_they_are(world: World) -> None:
    world.database.rows.audit.extend(a_record() for _ in range(2 * BATCH + 1))
    assert await world.seal_audit_log() == 2 * BATCH + 1
    assert await world.seal_audit_log() == 0
    head = await world.read_chain_head()
    assert head is not None
    assert head.position == 2 * BATCH + 1
