"""The contract of ``Outbox`` and ``AuditLog`` in a transaction, and of ``EventRelay``."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from adapters.system.new_id import UuidV7
from application.shared.record import record
from domain.blocklists.events import ArtistBlocked
from domain.shared.ids import ArtistId, EventId
from tests.builders.accounts import NOW, an_origin
from tests.contracts.conftest import Place, Race

pytestmark = pytest.mark.anyio

EVERYTHING = 10_000
new_id = UuidV7()


class Ear:
    """What was told, in the order of the telling."""

    def __init__(self) -> None:
        self.heard: list[ArtistBlocked] = []

    async def __call__(self, payload: bytes) -> None:
        """Listen, slowly enough for another relay to come by."""
        await asyncio.sleep(0.001)
        self.heard.append(msgspec.json.decode(payload, type=ArtistBlocked))


async def an_empty_outbox(place: Place) -> None:
    """Take the events of other tests away; nobody decodes them."""

    async def ignore(_: bytes) -> None:
        pass

    await place.relay_to(ignore).relay(EVERYTHING, NOW)


async def some_events(place: Place, count: int) -> list[ArtistBlocked]:
    """As many facts about somebody, each in a transaction of its own."""
    user = await place.a_person()
    events = [
        ArtistBlocked(
            id=EventId(new_id()),
            occurred_at=NOW,
            user_id=user.id,
            artist_id=ArtistId(new_id()),
        )
        for _ in range(count)
    ]
    for event in reversed(events):
        async with place.blocklists() as tx:
            await record(tx, event, an_origin())
    return events


async def test_events_are_told_once_oldest_first_as_they_were_kept(place: Place) -> None:
    await an_empty_outbox(place)
    ear, events = Ear(), await some_events(place, 3)
    relay = place.relay_to(ear)
    assert [await relay.relay(2, NOW) for _ in range(3)] == [2, 1, 0]
    assert ear.heard == events
    assert await place.count_audit_records(events[0].user_id) == 3


async def test_what_is_rolled_back_is_neither_told_nor_recorded(place: Place) -> None:
    await an_empty_outbox(place)
    ear, user = Ear(), await place.a_person()

    async def fail_half_way() -> None:
        async with place.blocklists() as tx:
            event = ArtistBlocked(
                id=EventId(new_id()),
                occurred_at=NOW,
                user_id=user.id,
                artist_id=ArtistId(new_id()),
            )
            await record(tx, event, an_origin())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_half_way()
    assert await place.relay_to(ear).relay(EVERYTHING, NOW) == 0
    assert await place.count_audit_records(user.id) == 0


async def test_an_event_that_could_not_be_told_is_told_again(place: Place) -> None:
    await an_empty_outbox(place)
    ear, events = Ear(), await some_events(place, 2)

    async def deaf(_: bytes) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await place.relay_to(deaf).relay(EVERYTHING, NOW)
    assert await place.relay_to(ear).relay(EVERYTHING, NOW) == 2
    assert ear.heard == events


async def test_twenty_relays_tell_each_event_once(place: Place, race: Race[int]) -> None:
    await an_empty_outbox(place)
    ear, events = Ear(), await some_events(place, 40)
    results = await race(lambda: place.relay_to(ear).relay(5, NOW))
    assert not [result for result in results if isinstance(result, BaseException)]
    while await place.relay_to(ear).relay(EVERYTHING, NOW):
        pass
    assert sorted(ear.heard, key=lambda event: event.id) == events


async def test_only_what_was_told_long_ago_is_forgotten(place: Place) -> None:
    await an_empty_outbox(place)
    long_ago = NOW - timedelta(days=1000)
    relay = place.relay_to(Ear())
    await some_events(place, 2)
    assert await relay.relay(EVERYTHING, long_ago) == 2
    await some_events(place, 1)
    assert await relay.relay(EVERYTHING, NOW) == 1
    await some_events(place, 1)
    assert await relay.forget(long_ago + timedelta(seconds=1)) == 2
    assert await relay.forget(long_ago + timedelta(seconds=1)) == 0
    assert await relay.relay(EVERYTHING, NOW) == 1
