"""The contracts of ``TagRepository``, ``ListCounts``, ``Endings``, tracks and exceptions."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from application.blocklists.bulk_ports import EndedEntries, SourceCount
from application.blocklists.ports import ListOrder
from application.blocklists.track_ports import ExceptionSlice, ListException, TrackSlice
from domain.blocklists.dnp_entry import Tag
from domain.blocklists.errors import (
    AlreadyExceptedError,
    ArtistNotBlockedError,
    BlockedByOwnListError,
    ExceptionNotFoundError,
    TagNotFoundError,
    UnknownArtistError,
)
from domain.blocklists.track import TrackAddOutcome, TrackRemoveOutcome
from domain.catalog.artist_name import search_key
from domain.shared.ids import ArtistId, BulkChangeId, ExceptionId, UserId
from tests.builders.accounts import NOW
from tests.builders.blocklists import a_slice, a_track, an_entry
from tests.contracts.conftest import Place, Race

pytestmark = pytest.mark.anyio
HOUR = timedelta(hours=1)


async def tags_of(place: Place, user_id: UserId) -> dict[str, int]:
    """Every tag with its count."""
    return {count.tag: count.entries for count in await place.counts.tags(user_id)}


async def rename(place: Place, user_id: UserId, tag: str, to: str | None) -> int:
    """In a transaction of its own."""
    async with place.blocklists() as tx:
        return await tx.tags.rename(
            user_id, BulkChangeId(uuid4()), Tag(tag), to=Tag(to) if to else None, now=NOW
        )


async def found(place: Place, user_id: UserId, text: str) -> list[str]:
    """What a filter finds, by name."""
    page = await place.reader.page(
        a_slice(user_id, text=search_key(text), order=ListOrder.NAME, limit=100)
    )
    return [entry.artist.canonical_name for entry in page.entries]


async def test_a_list_is_filtered_by_any_word_of_its_entries(place: Place) -> None:
    user, other = await place.a_person(), await place.a_person()
    tagged = await place.an_artist("Alpha", "Also Älias")
    noted, plain = await place.an_artist("Bravo"), await place.an_artist("Charlie")
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, tagged, tags=["Röbots", "calm"]))
        await tx.entries.add(an_entry(user.id, noted, note="Too LOUD,\nfor robots"))
        await tx.entries.add(an_entry(user.id, plain))
        await tx.entries.add(an_entry(other.id, plain, tags=["robots"], note="loud"))
    assert await found(place, user.id, "robots") == ["Alpha", "Bravo"]
    assert await found(place, user.id, "OBO") == ["Alpha", "Bravo"]
    assert await found(place, user.id, "alias") == ["Alpha"]
    assert await found(place, user.id, "loud, for") == ["Bravo"]
    assert await rename(place, user.id, "Röbots", "machines") == 1
    assert await found(place, user.id, "robots") == ["Bravo"]
    assert await found(place, user.id, "machines") == ["Alpha"]
    async with place.blocklists() as tx:
        entry = await tx.entries.get_for_update(user.id, noted)
        await tx.entries.update(entry.edited(note=None))
    assert await found(place, user.id, "loud") == []


async def test_filter_and_order_go_together_page_by_page(place: Place) -> None:
    user = await place.a_person()
    artists = [await place.an_artist(f"Artist {9 - number}") for number in range(9)]
    async with place.blocklists() as tx:
        for number, artist in enumerate(artists):
            added_at = NOW + timedelta(minutes=number)
            note = "odd" if number % 2 else None
            await tx.entries.add(an_entry(user.id, artist, note=note, added_at=added_at))
    for order in ListOrder:
        whole = [
            e for e in (await place.reader.page(a_slice(user.id, order=order))).entries if e.note
        ]
        query = a_slice(user.id, order=order, text="odd", limit=1)
        paged = []
        while True:
            page = await place.reader.page(query)
            paged += page.entries
            if page.next is None:
                break
            query = msgspec.structs.replace(query, after=page.next)
        assert paged == whole


async def test_a_tag_is_renamed_merged_and_removed_everywhere(place: Place) -> None:
    user, other = await place.a_person(), await place.a_person()
    one, two = await place.an_artist("One"), await place.an_artist("Two")
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, one, tags=["ai", "robots", "x"]))
        await tx.entries.add(an_entry(user.id, two, tags=["ai"]))
        await tx.entries.add(an_entry(other.id, one, tags=["ai"]))
    assert await tags_of(place, user.id) == {"ai": 2, "robots": 1, "x": 1}
    assert await rename(place, user.id, "ai", "robots") == 2
    assert await tags_of(place, user.id) == {"robots": 2, "x": 1}
    assert (await place.reader.get(user.id, one)).tags == ["robots", "x"]
    assert await rename(place, user.id, "robots", None) == 2
    assert await tags_of(place, user.id) == {"x": 1}
    assert await tags_of(place, other.id) == {"ai": 1}
    with pytest.raises(TagNotFoundError):
        await rename(place, user.id, "ai", "x")


async def test_a_merge_of_tags_is_undone_entry_by_entry(place: Place) -> None:
    user = await place.a_person()
    one, two = await place.an_artist("One"), await place.an_artist("Two")
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, one, tags=["ai", "robots"]))
        await tx.entries.add(an_entry(user.id, two, tags=["ai"]))
    await rename(place, user.id, "ai", "robots")
    async with place.blocklists() as tx:
        undone = await tx.bulk.undo(user.id, None, now=NOW + HOUR)
    assert (undone.restored, undone.left) == (2, 0)
    assert (await place.reader.get(user.id, one)).tags == ["ai", "robots"]
    assert (await place.reader.get(user.id, two)).tags == ["ai"]
    assert await tags_of(place, user.id) == {"ai": 2, "robots": 1}


async def test_an_entry_is_gone_everywhere_the_moment_it_ends(place: Place) -> None:
    user = await place.a_person()
    ends, stays = await place.an_artist("Ends"), await place.an_artist("Stays")
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, ends, tags=["a"], until=NOW + HOUR))
        await tx.entries.add(an_entry(user.id, stays, tags=["a"]))
    place.clock.advance(HOUR - timedelta(microseconds=1))
    assert (await place.reader.get(user.id, ends)).until == NOW + HOUR
    assert (await place.counts.summary(user.id)).temporary == 1
    place.clock.advance(timedelta(microseconds=1))
    with pytest.raises(ArtistNotBlockedError):
        await place.reader.get(user.id, ends)
    for order in ListOrder:
        page = await place.reader.page(a_slice(user.id, order=order))
        assert [entry.artist.id for entry in page.entries] == [stays]
    assert [entry.artist.id async for entry in place.reader.all(user.id)] == [stays]
    assert await tags_of(place, user.id) == {"a": 1}
    summary = await place.counts.summary(user.id)
    assert (summary.entries, summary.temporary) == (1, 0)
    assert summary.sources == [SourceCount(kind="own", name=None, entries=1)]
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, ends, note="again", added_at=NOW + HOUR))
    assert (await place.reader.get(user.id, ends)).note == "again"


async def test_twenty_workers_remove_each_ended_entry_once(
    empty_place: Place, race: Race[EndedEntries | None]
) -> None:
    place = empty_place
    user = await place.a_person()
    ids = [await place.an_artist(f"Ends {n}") for n in range(30)]
    other, stays = await place.a_person(), await place.an_artist("Stays")
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, stays))
        await tx.entries.add(an_entry(other.id, ids[0], until=NOW + 2 * HOUR))
        for artist in ids:
            await tx.entries.add(an_entry(user.id, artist, until=NOW + HOUR))

    async def work() -> EndedEntries | None:
        async with place.blocklists() as tx:
            return await tx.endings.remove_some(7, NOW + HOUR)

    removed: Counter[ArtistId] = Counter()
    while any(results := await race(work)):
        for result in results:
            assert result is None or isinstance(result, EndedEntries)
            removed.update(result.artist_ids if result else [])
    assert removed == dict.fromkeys(ids, 1)
    for left in (user, other):
        assert (await place.counts.summary(left.id)).entries == 1


async def test_tracks_come_and_go_and_are_read_page_by_page(place: Place) -> None:
    user, other = await place.a_person(), await place.a_person()
    tracks = [a_track(f"Track {n}") for n in range(5)]
    async with place.blocklists() as tx:
        assert set((await tx.tracks.add(user.id, tracks[:4], NOW)).values()) == {
            TrackAddOutcome.ADDED
        }
        later = await tx.tracks.add(user.id, tracks[3:], NOW + HOUR)
        await tx.tracks.add(other.id, tracks[:1], NOW)
    assert list(later.values()) == [TrackAddOutcome.ALREADY_THERE, TrackAddOutcome.ADDED]
    read, query = [], TrackSlice(user_id=user.id, limit=2, after=None)
    while True:
        page = await place.tracks.tracks(query)
        read += page.tracks
        if page.next is None:
            break
        query = msgspec.structs.replace(query, after=page.next)
    assert read[0].track == tracks[4]
    assert {blocked.track.id for blocked in read} == {track.id for track in tracks}
    assert len(read) == 5
    async with place.blocklists() as tx:
        gone = await tx.tracks.remove(user.id, [tracks[0].id, a_track().id])
    assert list(gone.values()) == [TrackRemoveOutcome.REMOVED, TrackRemoveOutcome.NOT_THERE]
    assert (await place.counts.summary(user.id)).tracks == 4
    assert (await place.counts.summary(other.id)).tracks == 1


def excepting(user_id: UserId, subject: object, *, minutes: int = 0) -> ListException:
    """An exception of this person's."""
    return ListException(
        id=ExceptionId(uuid4()),
        user_id=user_id,
        subject=subject,  # type: ignore[arg-type]
        note=None,
        added_at=NOW + timedelta(minutes=minutes),
    )


async def test_exceptions_come_and_go_and_are_read_page_by_page(place: Place) -> None:
    user, other = await place.a_person(), await place.a_person()
    artist, track = await place.an_artist("Loved"), a_track("Song")
    mine = [excepting(user.id, artist), excepting(user.id, track, minutes=1)]
    async with place.blocklists() as tx:
        for exception in mine:
            await tx.exceptions.add(exception)
    for again in (excepting(user.id, artist), excepting(user.id, track)):
        with pytest.raises(AlreadyExceptedError):
            async with place.blocklists() as tx:
                await tx.exceptions.add(again)
    with pytest.raises(UnknownArtistError):
        async with place.blocklists() as tx:
            await tx.exceptions.add(excepting(user.id, ArtistId(uuid4())))
    first = await place.tracks.exceptions(ExceptionSlice(user_id=user.id, limit=1, after=None))
    assert [(s.name, s.exception.id) for s in first.exceptions] == [("Song", mine[1].id)]
    rest = await place.tracks.exceptions(ExceptionSlice(user_id=user.id, limit=1, after=first.next))
    assert [shown.exception for shown in rest.exceptions] == [mine[0]]
    assert rest.next is None
    with pytest.raises(ExceptionNotFoundError):
        async with place.blocklists() as tx:
            await tx.exceptions.remove(other.id, mine[0].id)
    async with place.blocklists() as tx:
        await tx.exceptions.remove(user.id, mine[0].id)
        await tx.entries.add(an_entry(user.id, artist))
        assert (await tx.tracks.add(user.id, [track], NOW))[track.id] is TrackAddOutcome.EXCEPTED


async def test_what_is_on_the_own_list_is_not_excepted(place: Place) -> None:
    user, artist, track = await place.a_person(), await place.an_artist("Listed"), a_track()
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, artist, until=NOW + HOUR))
        await tx.tracks.add(user.id, [track], NOW)
    for subject in (artist, track):
        with pytest.raises(BlockedByOwnListError):
            async with place.blocklists() as tx:
                await tx.exceptions.add(excepting(user.id, subject))
    async with place.blocklists() as tx:
        await tx.exceptions.add(excepting(user.id, artist, minutes=60))  # it has ended by then
