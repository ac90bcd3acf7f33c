"""The contract of ``ArtistMerges``: two artists become one, and two again, and nobody loses."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from itertools import cycle
from uuid import uuid4

import msgspec
import pytest

from application.blocklists.ports import BlockedArtist
from application.catalog.merges import MergeCounts, UndoneMerge
from domain.blocklists.dnp_entry import DnpEntry, parse_note
from domain.blocklists.errors import ArtistAlreadyBlockedError
from domain.catalog.errors import (
    ArtistAlreadyMergedError,
    ArtistNotFoundError,
    LaterMergeError,
    MergeAlreadyUndoneError,
    MergeNotFoundError,
)
from domain.catalog.merge import ArtistMerge
from domain.shared.ids import ArtistId, ArtistMergeId, BulkChangeId, UserId
from tests.builders.accounts import NOW
from tests.builders.blocklists import FROM_A_FILE, a_row, a_slice, a_spotify_id, an_entry
from tests.contracts.conftest import RACERS, Place, Race

pytestmark = pytest.mark.anyio

EARLIER = NOW - timedelta(days=1)


async def merge(place: Place, artist: ArtistId, into: ArtistId) -> ArtistMerge:
    """Done by some moderator."""
    made = ArtistMerge(
        id=ArtistMergeId(uuid4()),
        artist_id=artist,
        survivor_id=into,
        merged_by=(await place.a_person()).id,
        merged_at=NOW,
    )
    async with place.catalog() as tx:
        await tx.merges.merge(made)
    return made


async def undo(place: Place, made: ArtistMerge) -> UndoneMerge:
    """In a transaction of its own."""
    async with place.catalog() as tx:
        return await tx.merges.undo(made.id, NOW)


async def block(place: Place, *entries: DnpEntry) -> None:
    """One after another."""
    for entry in entries:
        async with place.blocklists() as tx:
            await tx.entries.add(entry)


async def listed(place: Place, user_id: UserId) -> list[BlockedArtist]:
    """A person's whole list."""
    return (await place.reader.page(a_slice(user_id))).entries


async def artists_of(place: Place, user_id: UserId) -> set[ArtistId]:
    """The artists on it."""
    return {entry.artist.id for entry in await listed(place, user_id)}


async def people_with(place: Place, *artists: Iterable[ArtistId]) -> list[UserId]:
    """One person for each set of artists, who has them on the list with words of their own."""
    people = []
    for number, wanted in enumerate(artists):
        user = await place.a_person()
        for nth, artist in enumerate(wanted):
            tags, note = [f"tag {number}", f"of {nth}"], f"note {number}, {nth}"
            added_at = EARLIER + timedelta(minutes=nth)
            await block(place, an_entry(user.id, artist, tags=tags, note=note, added_at=added_at))
        people.append(user.id)
    return people


async def test_the_survivor_has_the_names_the_ids_and_both_ids_of_its_own(place: Place) -> None:
    first, second = a_spotify_id(), a_spotify_id()
    part = await place.an_artist("Old Name", "Shared", external_ids=[first])
    whole = await place.an_artist("New Name", "Shared", external_ids=[second])
    made = await merge(place, part, whole)
    for artist_id in (part, whole):
        details = await place.artists.get(artist_id)
        assert details.artist.id == whole
        assert details.artist.canonical_name == "New Name"
        assert details.names == ["New Name", "Old Name", "Shared"]
        assert set(details.artist.external_ids.values()) == {min(first.value, second.value)}
        (merged,) = details.merged_from
        assert (merged.id, merged.canonical_name, merged.merge_id, merged.merged_at) == (
            part,
            "Old Name",
            made.id,
            NOW,
        )


async def test_undone_everything_is_as_it_was(place: Place) -> None:
    part = await place.an_artist("Old Name", "Shared", external_ids=[a_spotify_id()])
    whole = await place.an_artist("New Name", "Shared", external_ids=[a_spotify_id()])
    people = await people_with(place, [part], [whole], [part, whole], [whole, part], [])
    before = [await place.artists.get(artist_id) for artist_id in (part, whole)]
    lists = [await listed(place, person) for person in people]
    made = await merge(place, part, whole)
    assert await undo(place, made) == UndoneMerge(artist_id=part, survivor_id=whole, restored=3)
    assert [await place.artists.get(artist_id) for artist_id in (part, whole)] == before
    assert [await listed(place, person) for person in people] == lists


async def test_every_list_shows_the_survivor_under_either_id(place: Place) -> None:
    part, whole = await place.an_artist("Part"), await place.an_artist("Whole")
    people = await people_with(place, [part], [whole], [part, whole])
    await merge(place, part, whole)
    for person in people:
        (entry,) = await listed(place, person)
        assert entry.artist.id == whole
        assert await place.reader.get(person, part) == entry
        async with place.blocklists() as tx:
            assert (await tx.entries.get_for_update(person, part)).artist_id == whole


async def test_who_had_both_keeps_the_words_of_both(place: Place) -> None:
    part, whole = await place.an_artist("Part"), await place.an_artist("Whole")
    user = await place.a_person()
    await block(
        place,
        an_entry(user.id, whole, tags=["a", "b"], note="ours", added_at=NOW),
        an_entry(user.id, part, tags=["b", "c"], note="theirs", added_at=EARLIER),
    )
    await merge(place, part, whole)
    (entry,) = await listed(place, user.id)
    assert (entry.tags, entry.note) == (["a", "b", "c"], "ours\n\ntheirs")
    assert entry.added_at == EARLIER


@pytest.mark.parametrize(
    ("ours", "theirs", "together"),
    [
        (None, "theirs", "theirs"),
        ("ours", None, "ours"),
        ("same", "same", "same"),
        ("o" * 1000, "t" * 1000, "o" * 1000),
        (None, None, None),
    ],
)
async def test_both_notes_are_shown_where_there_is_room(
    place: Place, ours: str | None, theirs: str | None, together: str | None
) -> None:
    part, whole = await place.an_artist("Part"), await place.an_artist("Whole")
    user = await place.a_person()
    many = [[f"{letter}{number:02}" for number in range(15)] for letter in "xa"]
    await block(
        place,
        an_entry(user.id, whole, tags=many[0], note=ours),
        an_entry(user.id, part, tags=many[1], note=theirs),
    )
    made = await merge(place, part, whole)
    (entry,) = await listed(place, user.id)
    assert entry.note == together
    assert entry.tags == sorted(many[0] + many[1][:5])
    await undo(place, made)
    entries = {entry.artist.id: entry for entry in await listed(place, user.id)}
    assert (entries[whole].tags, entries[whole].note) == (many[0], ours)
    assert (entries[part].tags, entries[part].note) == (many[1], theirs)


async def test_what_people_did_since_stays(place: Place) -> None:
    part, whole = await place.an_artist("Part"), await place.an_artist("Whole")
    people = await people_with(place, [part], [part, whole], [part], [part, whole], [], [part])
    edits, edits_both, removes, removes_both, adds, adds_again = people
    made = await merge(place, part, whole)
    async with place.blocklists() as tx:
        for person in (edits, edits_both):
            entry = await tx.entries.get_for_update(person, part)
            await tx.entries.update(entry.edited(note=parse_note("later")))
        for person in (removes, removes_both, adds_again):
            await tx.entries.remove(person, part)
        for person in (adds, adds_again):
            await tx.entries.add(an_entry(person, part))
    assert (await undo(place, made)).restored == 2
    assert await artists_of(place, edits) == {part}
    assert (await place.reader.get(edits, part)).note == "later"
    assert await artists_of(place, edits_both) == {part, whole}
    assert (await place.reader.get(edits_both, whole)).note == "later"
    assert (await place.reader.get(edits_both, part)).note == "note 1, 0"
    assert await artists_of(place, removes) == set()
    assert await artists_of(place, removes_both) == set()
    assert await artists_of(place, adds) == {whole}
    assert await artists_of(place, adds_again) == {whole}


async def test_who_adds_the_old_id_adds_the_survivor_once(place: Place) -> None:
    part, whole = await place.an_artist("Part"), await place.an_artist("Whole")
    user = await place.a_person()
    await merge(place, part, whole)
    await block(place, an_entry(user.id, part))
    assert await artists_of(place, user.id) == {whole}
    with pytest.raises(ArtistAlreadyBlockedError):
        await block(place, an_entry(user.id, part))
    with pytest.raises(ArtistAlreadyBlockedError):
        await block(place, an_entry(user.id, whole))


async def test_a_file_with_old_ids_adds_the_survivor_once(place: Place) -> None:
    first, second, whole = [await place.an_artist(name) for name in ("First", "Second", "Whole")]
    await merge(place, first, whole)
    await merge(place, second, whole)
    for person, rows in [
        ((await place.a_person()).id, [first, second]),
        ((await people_with(place, [whole]))[0], [first, second, whole]),
    ]:
        async with place.blocklists() as tx:
            await tx.imports.run(
                person,
                [a_row(artist, line=line) for line, artist in enumerate(rows, 2)],
                now=NOW,
                new_id=uuid4,
                change_id=BulkChangeId(uuid4()),
                source=FROM_A_FILE,
                dry_run=False,
            )
        assert await artists_of(place, person) == {whole}


async def test_chains_collapse_and_come_apart_from_the_end(place: Place) -> None:
    a, b, c = [await place.an_artist(name) for name in ("Anna", "Bert", "Carl")]
    people = await people_with(place, [a], [b], [c], [a, b], [b, c], [a, c], [a, b, c])
    lists = [await listed(place, person) for person in people]
    first = await merge(place, a, b)
    second = await merge(place, b, c)
    for artist_id in (a, b, c):
        details = await place.artists.get(artist_id)
        assert details.artist.id == c
        assert [merged.id for merged in details.merged_from] == [a, b]
    assert [await artists_of(place, person) for person in people] == [{c}] * len(people)
    with pytest.raises(LaterMergeError) as caught:
        await undo(place, first)
    assert str(second.id) in caught.value.detail
    await undo(place, second)
    assert (await place.artists.get(a)).artist.id == b
    await undo(place, first)
    assert [await listed(place, person) for person in people] == lists


async def test_two_into_one_come_apart_from_the_end(place: Place) -> None:
    a, b, c = [await place.an_artist(name, "Same") for name in ("Anna", "Bert", "Carl")]
    people = await people_with(place, [a], [b], [a, b], [c, a, b])
    before = [await place.artists.get(artist_id) for artist_id in (a, b, c)]
    lists = [await listed(place, person) for person in people]
    first, second = await merge(place, a, c), await merge(place, b, c)
    with pytest.raises(LaterMergeError):
        await undo(place, first)
    await undo(place, second)
    await undo(place, first)
    assert [await place.artists.get(artist_id) for artist_id in (a, b, c)] == before
    assert [await listed(place, person) for person in people] == lists


async def test_what_is_undone_can_be_merged_again_the_other_way_round(place: Place) -> None:
    part, whole = await place.an_artist("Part"), await place.an_artist("Whole")
    await undo(place, await merge(place, part, whole))
    await merge(place, whole, part)
    assert (await place.artists.get(whole)).artist.id == part


async def test_a_merged_artist_is_not_merged_again(place: Place) -> None:
    a, b, c = [await place.an_artist(name) for name in ("Anna", "Bert", "Carl")]
    await merge(place, a, b)
    for artist, into in [(a, c), (c, a), (b, a), (a, b)]:
        with pytest.raises(ArtistAlreadyMergedError):
            await merge(place, artist, into)


async def test_who_is_not_there_cannot_be_merged(place: Place) -> None:
    artist = await place.an_artist("Alone")
    for pair in [(artist, ArtistId(uuid4())), (ArtistId(uuid4()), artist)]:
        with pytest.raises(ArtistNotFoundError):
            await merge(place, *pair)
    with pytest.raises(ArtistNotFoundError):
        await place.artists.get(ArtistId(uuid4()))
    async with place.catalog() as tx:
        with pytest.raises(MergeNotFoundError):
            await tx.merges.undo(ArtistMergeId(uuid4()), NOW)


async def test_of_twenty_merges_in_both_directions_one_happens(
    place: Place, race: Race[ArtistMerge]
) -> None:
    a, b = await place.an_artist("Anna", "Same"), await place.an_artist("Bert", "Same")
    (person,) = await people_with(place, [a, b])
    pairs = cycle([(a, b), (b, a)])
    results = Counter(type(result) for result in await race(lambda: merge(place, *next(pairs))))
    assert results == {ArtistMerge: 1, ArtistAlreadyMergedError: RACERS - 1}
    assert len(await listed(place, person)) == 1


async def test_twenty_merges_in_a_ring_leave_no_ring(place: Place, race: Race[ArtistMerge]) -> None:
    ring = [await place.an_artist(f"Ring {number}") for number in range(RACERS)]
    pairs = iter(zip(ring, [*ring[1:], ring[0]], strict=True))
    results = await race(lambda: merge(place, *next(pairs)))
    done = [result for result in results if isinstance(result, ArtistMerge)]
    assert {type(result) for result in results} <= {ArtistMerge, ArtistAlreadyMergedError}
    merged = {made.artist_id for made in done}
    assert 0 < len(done) < RACERS
    assert {(await place.artists.get(each)).artist.id for each in ring} == set(ring) - merged


async def test_of_twenty_who_undo_it_one_does(place: Place, race: Race[UndoneMerge]) -> None:
    part, whole = await place.an_artist("Part"), await place.an_artist("Whole")
    (person,) = await people_with(place, [part, whole])
    made = await merge(place, part, whole)
    results = Counter(type(result) for result in await race(lambda: undo(place, made)))
    assert results == {UndoneMerge: 1, MergeAlreadyUndoneError: RACERS - 1}
    assert await artists_of(place, person) == {part, whole}


async def test_an_entry_that_is_just_being_added_when_a_merge_begins_is_part_of_it(
    place: Place,
) -> None:
    part, whole = await place.an_artist("Part"), await place.an_artist("Whole")
    has_part, has_whole = await people_with(place, [part], [whole])
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(has_part, whole, tags=["new"]))
        await tx.entries.add(an_entry(has_whole, part, tags=["new"]))
        merging = asyncio.create_task(merge(place, part, whole))
        await asyncio.sleep(0.3)
        assert not merging.done()
    made = await merging
    for person in (has_part, has_whole):
        (entry,) = await listed(place, person)
        assert entry.artist.id == whole
        assert "new" in entry.tags
    await undo(place, made)
    assert await artists_of(place, has_part) == await artists_of(place, has_whole) == {part, whole}


async def test_of_a_survivor_that_is_just_being_listed_the_entries_are_combined(
    place: Place,
) -> None:
    part, whole = await place.an_artist("Part"), await place.an_artist("Whole")
    (person,) = await people_with(place, [part])
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(person, whole, tags=["new"]))
        merging = asyncio.create_task(merge(place, part, whole))
        await asyncio.sleep(0.3)
        assert not merging.done()
    made = await merging
    assert (await place.reader.get(person, whole)).tags == ["new", "of 0", "tag 0"]
    await undo(place, made)
    assert await artists_of(place, person) == {part, whole}


async def test_an_entry_that_waits_for_a_merge_is_added_to_the_survivor(place: Place) -> None:
    part, whole = await place.an_artist("Part"), await place.an_artist("Whole")
    person = (await place.a_person()).id
    made = ArtistMerge(
        id=ArtistMergeId(uuid4()),
        artist_id=part,
        survivor_id=whole,
        merged_by=(await place.a_person()).id,
        merged_at=NOW,
    )
    async with place.catalog() as tx:
        await tx.merges.merge(made)
        blocking = asyncio.create_task(block(place, an_entry(person, part)))
        await asyncio.sleep(0.3)
        assert not blocking.done()
    await blocking
    assert await artists_of(place, person) == {whole}


async def test_who_adds_either_of_them_meanwhile_has_the_survivor(
    place: Place, race: Race[None]
) -> None:
    for _ in range(5):
        pair = await place.an_artist("Part"), await place.an_artist("Whole")
        people = await people_with(place, *[[], [pair[0]], [pair[1]]] * 6, [pair[0]], [])
        assert await race(act_of(place, people, pair)) == [None] * RACERS
        assert [await artists_of(place, person) for person in people] == [{pair[1]}] * RACERS


def act_of(
    place: Place, people: list[UserId], pair: tuple[ArtistId, ArtistId]
) -> Callable[[], Awaitable[None]]:
    """What each racer does: one merges, the others add both, in either order."""
    turn = iter(enumerate(people))

    async def act() -> None:
        number, person = next(turn)
        if number == RACERS // 2:
            await merge(place, *pair)
        for artist in pair if number % 2 else reversed(pair):
            with suppress(ArtistAlreadyBlockedError):
                await block(place, an_entry(person, artist))

    return act


async def test_moderators_and_administrators_may(place: Place) -> None:
    user = await place.a_person()
    async with place.catalog() as tx:
        assert not await tx.moderators.includes(user.id)
        assert not await tx.moderators.includes(UserId(uuid4()))
    for role in ("moderator", "admin"):
        async with place.accounts() as tx:
            await tx.users.update(msgspec.structs.replace(user, role=role))
        async with place.catalog() as tx:
            assert await tx.moderators.includes(user.id)


async def test_counts_say_how_many_lists_it_concerned(place: Place) -> None:
    part, whole = await place.an_artist("Part"), await place.an_artist("Whole")
    await people_with(place, [part], [part], [part, whole], [whole])
    made = ArtistMerge(
        id=ArtistMergeId(uuid4()),
        artist_id=part,
        survivor_id=whole,
        merged_by=(await place.a_person()).id,
        merged_at=NOW,
    )
    async with place.catalog() as tx:
        assert await tx.merges.merge(made) == MergeCounts(moved=2, combined=1)
