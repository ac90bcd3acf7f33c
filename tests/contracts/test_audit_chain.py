"""The contract of ``AuditChain``, ``ChainReader`` and ``AuditReader``."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from application.audit.expire_audit_records import ExpireAuditRecords, Expired
from application.audit.ports import AuditPosition, AuditSlice
from application.audit.seal_audit_log import SealAuditLog
from application.audit.verify_audit_log import Verdict, Verification, VerifyAuditLog
from domain.audit.chain import Mark
from domain.shared.audit_record import AuditRecord, Outcome
from domain.shared.ids import UserId
from tests.builders.audit import CHAIN_KEY, a_record, new_id
from tests.contracts.conftest import RACERS, Place, Race

pytestmark = pytest.mark.anyio

ROUNDS = 10


def now() -> datetime:
    """The database guards its rows by its own clock, so these tests use the real one."""
    return datetime.now(UTC)


async def write(place: Place, *records: AuditRecord) -> None:
    """All of them in one transaction."""
    async with place.audit() as tx:
        for record in records:
            await tx.audit.append(record)


async def seal(place: Place, limit: int = 10_000) -> int:
    """One batch."""
    async with place.audit() as tx:
        return await tx.chain.seal(limit)


async def verify(place: Place, kept: Mark | None = None) -> Verdict:
    """The verdict on the whole log."""
    check = VerifyAuditLog(reader=place.chain, key=CHAIN_KEY, clock=now)
    return await check(
        Verification(kept=kept, grace=timedelta(hours=1), progress=lambda done, total: None)
    )


async def expire(place: Place) -> Expired:
    """What the worker does."""
    return await ExpireAuditRecords(begin=place.audit, clock=now, new_id=new_id)()


async def test_records_come_back_as_they_were_written_and_the_chain_is_whole(
    empty_place: Place,
) -> None:
    records = [
        a_record(created_at=now()),
        a_record(created_at=now(), address=None, outcome=Outcome.REFUSED),
        a_record(
            created_at=now(),
            address="2001:db8::1",
            before={},
            after={"note": "12 characters", "a": None, "b": True, "n": 2**40, "é": "…\n"},
        ),
        a_record(created_at=now(), address="::ffff:192.0.2.1"),
    ]
    await write(empty_place, *records)
    assert await seal(empty_place) == 4
    async with empty_place.chain.look() as view:
        assert [row.signed.record for row in [r async for r in view.sealed()]] == records
    assert (await verify(empty_place)).fault is None


async def test_places_are_given_in_batches_and_once(empty_place: Place) -> None:
    await write(empty_place, *(a_record(created_at=now()) for _ in range(5)))
    assert [await seal(empty_place, 2) for _ in range(4)] == [2, 2, 1, 0]
    verdict = await verify(empty_place)
    assert verdict.fault is None
    assert verdict.head is not None
    assert (verdict.checked, verdict.head.position) == (5, 5)


async def test_what_is_rolled_back_has_no_place(empty_place: Place) -> None:
    await write(empty_place, a_record(created_at=now()))

    async def seal_and_fail() -> None:
        async with empty_place.audit() as tx:
            assert await tx.chain.seal(10) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await seal_and_fail()
    assert (await verify(empty_place)).waiting == 1
    assert await seal(empty_place) == 1


async def test_writers_and_twenty_sealers_keep_one_whole_chain(
    empty_place: Place, race: Race[int]
) -> None:
    async def keep_writing() -> None:
        for _ in range(ROUNDS):
            await write(empty_place, a_record(created_at=now()), a_record(created_at=now()))

    async def keep_sealing() -> int:
        return sum([await seal(empty_place, 7) for _ in range(ROUNDS)])

    writing = asyncio.gather(*(keep_writing() for _ in range(RACERS)))
    results = await race(keep_sealing)
    await writing
    assert not [result for result in results if isinstance(result, BaseException)]
    sealed = sum(result for result in results if isinstance(result, int))
    sealed += await SealAuditLog(begin=empty_place.audit)()
    assert sealed == RACERS * ROUNDS * 2
    verdict = await verify(empty_place)
    assert (verdict.checked, verdict.waiting, verdict.fault) == (sealed, 0, None)


async def test_old_addresses_and_then_old_records_go_and_the_log_stays_whole(
    empty_place: Place,
) -> None:
    ages = [400, 380, 100, 1]
    for days in ages:
        await write(empty_place, a_record(created_at=now() - timedelta(days=days)))
    assert await expire(empty_place) == Expired(addresses=3, records=0), "none is sealed yet"
    await seal(empty_place)
    kept = (await verify(empty_place)).head
    assert await expire(empty_place) == Expired(addresses=0, records=2)
    assert await expire(empty_place) == Expired(addresses=0, records=0)
    await seal(empty_place)
    verdict = await verify(empty_place, kept)
    assert (verdict.checked, verdict.fault, verdict.kept_is_too_old) == (3, None, False)
    assert verdict.floor is not None
    assert verdict.floor.position == 2
    everything = AuditSlice(user_id=None, action=None, limit=10, after=None)
    shown = (await empty_place.audit_records.page(everything)).records
    assert [record.origin.address for record in shown] == [None, "192.0.2.1", None]


async def test_a_young_record_keeps_the_old_ones_behind_it(empty_place: Place) -> None:
    for days in (400, 1, 399):
        await write(empty_place, a_record(created_at=now() - timedelta(days=days)))
    await seal(empty_place)
    assert (await expire(empty_place)).records == 1
    assert (await verify(empty_place)).fault is None


async def test_of_twenty_who_expire_at_once_each_record_goes_once(
    empty_place: Place, race: Race[Expired]
) -> None:
    old = now() - timedelta(days=400)
    await write(empty_place, *(a_record(created_at=old) for _ in range(30)))
    await seal(empty_place)
    results = await race(lambda: expire(empty_place))
    done = [result for result in results if isinstance(result, Expired)]
    assert len(done) == len(results)
    assert sum(result.records for result in done) == 30
    await seal(empty_place)
    assert (await verify(empty_place)).fault is None


async def test_pages_are_newest_first_whosever_they_are(place: Place) -> None:
    user, other = UserId(uuid4()), UserId(uuid4())
    moment = now()
    records = [a_record(user_id=user, created_at=moment) for _ in range(3)]
    records += [a_record(user_id=user, created_at=moment - timedelta(days=1))]
    await write(place, *records, a_record(user_id=other, created_at=moment))
    expected = sorted(records, key=lambda r: (r.created_at, r.id), reverse=True)
    seen: list[AuditRecord] = []
    after: AuditPosition | None = None
    while len(seen) < 10:
        page = await place.audit_records.page(
            AuditSlice(user_id=user, action=None, limit=2, after=after)
        )
        seen += page.records
        after = page.next
        if after is None:
            break
    assert seen == expected
    everybody = AuditSlice(user_id=None, action=None, limit=100, after=None)
    shown = {record.user_id for record in (await place.audit_records.page(everybody)).records}
    assert {user, other} <= shown


async def test_actions_are_chosen_by_how_they_begin_without_wildcards(place: Place) -> None:
    user = UserId(uuid4())
    names = ["accounts.a.v1", "accounts.b.v1", "blocklists.a.v1", "x%_.v1"]
    await write(place, *(a_record(user_id=user, action=name, created_at=now()) for name in names))

    async def found(prefix: str) -> list[str]:
        wanted = AuditSlice(user_id=user, action=prefix, limit=10, after=None)
        return sorted(r.action for r in (await place.audit_records.page(wanted)).records)

    assert await found("accounts.") == names[:2]
    assert await found("accounts.b.v1") == names[1:2]
    assert await found("%") == await found("_") == []
    assert await found("x%_") == names[3:]
