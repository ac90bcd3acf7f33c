"""What the audit log may no longer keep."""

from datetime import timedelta

import pytest

from application.audit.expire_audit_records import ACTION, Expired
from domain.audit.chain import MarkKind
from tests.application.audit.test_verify_audit_log import verify
from tests.application.world import World

pytestmark = pytest.mark.anyio


async def test_nothing_young_is_touched(world: World) -> None:
    await world.ada()
    await world.seal_audit_log()
    before = world.database.rows.copy()
    world.clock.advance(timedelta(days=89))
    assert await world.expire_audit_records() == Expired(addresses=0, records=0)
    assert world.database.rows == before


async def test_addresses_go_after_ninety_days_and_the_log_stays_whole(world: World) -> None:
    await world.ada()
    await world.seal_audit_log()
    world.clock.advance(timedelta(days=90, seconds=1))
    assert await world.expire_audit_records() == Expired(addresses=2, records=0)
    assert {record.origin.address for record in world.database.rows.audit} == {None}
    assert (await verify(world)).fault is None


async def test_records_go_after_a_year_and_leave_a_record_of_it(world: World) -> None:
    await world.ada()
    await world.seal_audit_log()
    world.clock.advance(timedelta(days=364))
    await world.sign_in()
    await world.seal_audit_log()
    world.clock.advance(timedelta(days=1, seconds=1))
    assert (await world.expire_audit_records()).records == 2
    assert await world.expire_audit_records() == Expired(addresses=0, records=0)
    await world.seal_audit_log()
    kept, trace = world.database.rows.audit
    assert kept.action == "accounts.session_opened.v1"
    assert (trace.action, trace.after, trace.user_id) == (ACTION, {"removed": 2}, None)
    verdict = await verify(world)
    assert (verdict.checked, verdict.fault) == (2, None)
    assert world.database.rows.marks[MarkKind.FLOOR].position == 2


async def test_a_row_without_a_place_is_never_removed(world: World) -> None:
    await world.ada()
    world.clock.advance(timedelta(days=400))
    assert (await world.expire_audit_records()).records == 0
    assert len(world.database.rows.audit) == 2
