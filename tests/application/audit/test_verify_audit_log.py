"""Checking the audit log."""

from datetime import timedelta

import msgspec
import pytest

from application.audit.verify_audit_log import Verdict, Verification
from domain.audit.chain import ChainKey, Mark, MarkKind
from domain.audit.errors import BadMarkError, ChainBrokenError
from tests.application.world import World

pytestmark = pytest.mark.anyio


async def verify(
    world: World, kept: Mark | None = None, grace: timedelta = timedelta(minutes=1)
) -> Verdict:
    """A check that reports to nobody."""
    return await world.verify_audit_log(
        Verification(kept=kept, grace=grace, progress=lambda checked, total: None)
    )


async def test_an_empty_log_is_whole(world: World) -> None:
    verdict = await verify(world)
    assert (verdict.checked, verdict.waiting, verdict.fault) == (0, 0, None)
    assert await world.read_chain_head() is None


async def test_new_rows_wait_for_their_place_but_not_too_long(world: World) -> None:
    await world.ada()
    verdict = await verify(world)
    assert (verdict.checked, verdict.waiting, verdict.fault) == (0, 2, None)
    world.clock.advance(timedelta(minutes=1, seconds=1))
    fault = (await verify(world)).fault
    assert fault is not None
    assert "is a worker running" in fault.what
    assert fault.record_id == min(record.id for record in world.database.rows.audit)
    assert (await verify(world, grace=timedelta(hours=1))).fault is None
    assert await world.seal_audit_log() == 2
    assert (await verify(world)).checked == 2


async def test_the_first_bad_row_is_named(world: World) -> None:
    await world.ada()
    await world.seal_audit_log()
    rows = world.database.rows
    good = rows.chain[1]
    record = msgspec.structs.replace(good.signed.record, action="something.else.v1")
    rows.chain[1] = msgspec.structs.replace(
        good, signed=msgspec.structs.replace(good.signed, record=record)
    )
    verdict = await verify(world)
    assert verdict.checked == 1
    assert verdict.fault is not None
    assert verdict.fault.record_id == record.id


async def test_a_kept_head_shows_a_cut_end(world: World) -> None:
    await world.ada()
    await world.seal_audit_log()
    kept = await world.read_chain_head()
    assert (await verify(world, kept)).fault is None
    rows = world.database.rows
    del rows.chain[1:], rows.audit[1:], rows.events[1:]
    rows.marks[MarkKind.HEAD] = world.verify_audit_log.key.mark(
        MarkKind.HEAD, 1, rows.chain[0].hash
    )
    assert (await verify(world)).fault is None
    fault = (await verify(world, kept)).fault
    assert fault is not None
    assert fault.position == 2


async def test_a_kept_head_that_nobody_here_has_signed_is_refused(world: World) -> None:
    foreign = ChainKey(value=bytes(32)).mark(MarkKind.HEAD, 1, bytes(32))
    with pytest.raises(BadMarkError):
        await verify(world, foreign)


async def test_a_kept_head_from_before_what_retention_removed_proves_nothing(
    world: World,
) -> None:
    await world.ada()
    await world.seal_audit_log()
    rows = world.database.rows
    kept = world.verify_audit_log.key.mark(MarkKind.HEAD, 1, rows.chain[0].hash)
    world.clock.advance(timedelta(days=400))
    await world.expire_audit_records()
    verdict = await verify(world, kept)
    assert verdict.kept_is_too_old
    assert verdict.fault is None


async def test_long_logs_tell_how_far_the_check_has_come(world: World) -> None:
    await world.ada()
    await world.seal_audit_log()
    told: list[tuple[int, int]] = []
    await world.verify_audit_log(
        Verification(
            kept=None, grace=timedelta(0), progress=lambda done, total: told.append((done, total))
        )
    )
    assert told == [(0, 2)]


async def test_a_forged_head_is_not_given_out(world: World) -> None:
    world.database.rows.marks[MarkKind.HEAD] = Mark(position=1, hash=bytes(32), signature=b"")
    with pytest.raises(ChainBrokenError):
        await world.read_chain_head()
