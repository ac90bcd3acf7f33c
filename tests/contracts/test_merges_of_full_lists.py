"""The contract of ``ArtistMerges`` on lists in full: ends, sources, bulk changes, exceptions."""

from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from application.blocklists.bulk_ports import BulkEdit
from application.blocklists.ports import BlockedArtist, ListOrder
from application.blocklists.track_ports import (
    ExceptionSlice,
    ListException,
    ShownException,
)
from domain.blocklists.bulk import AddOutcome, EditOutcome, RemoveOutcome, UndoneChange
from domain.blocklists.dnp_entry import BY_HAND, EntrySource, SourceKind, parse_tags
from domain.blocklists.errors import (
    AlreadyExceptedError,
    ArtistExceptedError,
    BlockedByOwnListError,
)
from domain.shared.ids import ArtistId, BulkChangeId, ExceptionId, UserId
from tests.builders.accounts import NOW
from tests.builders.blocklists import FROM_A_FILE, a_row, a_slice, an_entry
from tests.contracts.conftest import RACERS, Place, Race
from tests.contracts.test_artist_merges import block, listed, merge, undo

pytestmark = pytest.mark.anyio

SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
TAGGED = BulkEdit(
    add_tags=parse_tags(["edited"]),
    remove_tags=frozenset(),
    note=msgspec.UNSET,
    until=msgspec.UNSET,
)


async def two(place: Place) -> tuple[ArtistId, ArtistId]:
    """The one that goes, and the one that stays."""
    return await place.an_artist("Part Of It"), await place.an_artist("All Of It")


async def add(place: Place, user: UserId, *ids: ArtistId) -> dict[ArtistId, AddOutcome]:
    """All at once."""
    async with place.blocklists() as tx:
        return dict(
            await tx.bulk.add(
                user,
                BulkChangeId(uuid4()),
                ids,
                tags=parse_tags(["added"]),
                note=None,
                until=None,
                now=NOW,
            )
        )


async def edit(place: Place, user: UserId, *ids: ArtistId) -> dict[ArtistId, EditOutcome]:
    """All at once."""
    async with place.blocklists() as tx:
        return dict(await tx.bulk.edit(user, BulkChangeId(uuid4()), ids, edit=TAGGED, now=NOW))


async def remove(place: Place, user: UserId, *ids: ArtistId) -> dict[ArtistId, RemoveOutcome]:
    """All at once."""
    async with place.blocklists() as tx:
        return dict(await tx.bulk.remove(user, BulkChangeId(uuid4()), ids, now=NOW))


async def import_(place: Place, user: UserId, *ids: ArtistId) -> list[str]:
    """All from one file, whose rows end; why those were rejected that were."""
    async with place.blocklists() as tx:
        outcome = await tx.imports.run(
            user,
            [a_row(artist, line=line, until=SOON) for line, artist in enumerate(ids, 2)],
            now=NOW,
            new_id=uuid4,
            change_id=BulkChangeId(uuid4()),
            source=FROM_A_FILE,
            dry_run=False,
        )
    return [rejection.reason for rejection in outcome.rejected]


async def take_back(place: Place, user: UserId) -> UndoneChange:
    """The last bulk change."""
    async with place.blocklists() as tx:
        return await tx.bulk.undo(user, None, now=LATER)


async def except_(place: Place, user: UserId, *ids: ArtistId) -> None:
    """One after another."""
    for number, artist in enumerate(ids):
        added_at = NOW + timedelta(seconds=number)
        exception = ListException(
            id=ExceptionId(uuid4()), user_id=user, subject=artist, note="loved", added_at=added_at
        )
        async with place.blocklists() as tx:
            await tx.exceptions.add(exception)


async def exceptions(place: Place, user: UserId) -> list[ShownException]:
    """All of them."""
    wanted = ExceptionSlice(user_id=user, limit=50, after=None)
    return (await place.tracks.exceptions(wanted)).exceptions


async def entry_of(place: Place, user: UserId) -> BlockedArtist:
    """The only one."""
    (entry,) = await listed(place, user)
    return entry


async def test_an_entry_moves_with_all_that_it_has(place: Place) -> None:
    part, whole = await two(place)
    other = await place.an_artist("Big Other")
    user = (await place.a_person()).id
    await import_(place, user, part)
    await block(place, an_entry(user, other))
    before = await listed(place, user)
    made = await merge(place, part, whole)
    names = (await place.reader.page(a_slice(user, order=ListOrder.NAME))).entries
    assert [entry.artist.id for entry in names] == [whole, other]
    assert (names[0].until, names[0].source) == (SOON, FROM_A_FILE)
    (found,) = (await place.reader.page(a_slice(user, text="part of"))).entries
    assert found.artist.id == whole
    await undo(place, made)
    assert await listed(place, user) == before
    (found,) = (await place.reader.page(a_slice(user, text="part of"))).entries
    assert found.artist.id == part
    names = (await place.reader.page(a_slice(user, order=ListOrder.NAME))).entries
    assert [entry.artist.id for entry in names] == [other, part]


async def test_of_two_ends_the_later_counts_and_the_own_reason(place: Place) -> None:
    part, whole = await two(place)
    forever, later, ours, theirs = [(await place.a_person()).id for _ in range(4)]
    await block(
        place,
        an_entry(forever, part, until=SOON),
        an_entry(forever, whole),
        an_entry(later, part, until=LATER, note="theirs"),
        an_entry(later, whole, until=SOON, note="ours"),
    )
    for user, by_hand, from_a_file in [(ours, whole, part), (theirs, part, whole)]:
        await import_(place, user, from_a_file)
        await block(place, an_entry(user, by_hand, until=LATER))
    people = [forever, later, ours, theirs]
    before = [await listed(place, user) for user in people]
    made = await merge(place, part, whole)
    entries = [await entry_of(place, user) for user in people]
    assert [entry.until for entry in entries] == [None, LATER, LATER, LATER]
    assert [entry.source for entry in entries] == [BY_HAND] * 4
    for words in ("ours", "theirs"):
        (found,) = (await place.reader.page(a_slice(later, text=words))).entries
        assert found.note == "ours\n\ntheirs"
    assert (await place.counts.summary(ours)).entries == 1
    assert (await undo(place, made)).restored == 4
    assert [await listed(place, user) for user in people] == before
    assert (await place.counts.summary(ours)).entries == 2


async def test_what_a_bulk_change_added_is_taken_back_under_the_survivor(place: Place) -> None:
    part, whole = await two(place)
    moved, both, mine = [(await place.a_person()).id for _ in range(3)]
    await import_(place, moved, part)
    await add(place, both, part, whole)
    await block(place, an_entry(mine, whole, tags=["mine"]))
    await import_(place, mine, part)
    await merge(place, part, whole)
    assert (await take_back(place, moved)).restored == 1
    assert (await take_back(place, both)).restored == 1
    assert await listed(place, moved) == await listed(place, both) == []
    assert (await take_back(place, mine)).restored == 0  # it is one entry with the own one
    assert (await entry_of(place, mine)).tags == ["mine"]


async def test_a_merge_that_is_undone_leaves_the_bulk_change_to_undo(place: Place) -> None:
    part, whole = await two(place)
    user = (await place.a_person()).id
    await block(place, an_entry(user, whole, tags=["mine"]))
    await import_(place, user, part)
    await undo(place, await merge(place, part, whole))
    assert (await take_back(place, user)).restored == 1
    assert (await entry_of(place, user)).artist.id == whole


async def test_edits_and_removals_are_taken_back_under_the_survivor(place: Place) -> None:
    part, whole = await two(place)
    edits, removes, removes_both = [(await place.a_person()).id for _ in range(3)]
    await block(place, an_entry(edits, part, tags=["mine"]), an_entry(removes, part, until=SOON))
    await block(place, an_entry(removes_both, part, note="theirs"))
    await block(place, an_entry(removes_both, whole, note="ours"))
    await edit(place, edits, part)
    await remove(place, removes, part)
    await remove(place, removes_both, part, whole)
    await merge(place, part, whole)
    assert (await take_back(place, edits)).restored == 1
    assert (await entry_of(place, edits)).tags == ["mine"]
    assert (await take_back(place, removes)).restored == 1
    assert ((await entry_of(place, removes)).artist.id) == whole
    assert (await entry_of(place, removes)).until == SOON
    undone = await take_back(place, removes_both)
    assert (undone.restored, undone.left) == (1, 1)
    assert (await entry_of(place, removes_both)).note == "ours"


async def test_both_ids_in_one_bulk_change_are_one_artist(place: Place) -> None:
    part, whole = await two(place)
    user = (await place.a_person()).id
    await merge(place, part, whole)
    assert await add(place, user, part, whole) == {
        part: AddOutcome.ADDED,
        whole: AddOutcome.ALREADY_THERE,
    }
    assert (await entry_of(place, user)).artist.id == whole
    assert await edit(place, user, whole, part) == {
        whole: EditOutcome.CHANGED,
        part: EditOutcome.UNCHANGED,
    }
    assert (await entry_of(place, user)).tags == ["added", "edited"]
    assert await remove(place, user, part, whole) == {
        part: RemoveOutcome.REMOVED,
        whole: RemoveOutcome.NOT_THERE,
    }
    assert await listed(place, user) == []


async def test_an_exception_for_either_holds_for_the_survivor(place: Place) -> None:
    part, whole = await two(place)
    people = [(await place.a_person()).id for _ in range(3)]
    for user, loved in zip(people, [(part,), (whole,), (part, whole)], strict=True):
        await except_(place, user, *loved)
    before = [await exceptions(place, user) for user in people]
    made = await merge(place, part, whole)
    for user in people:
        (shown,) = await exceptions(place, user)
        assert (shown.exception.subject, shown.name) == (whole, "All Of It")
        assert (await place.counts.summary(user)).exceptions == 1
        for artist in (part, whole):
            with pytest.raises(ArtistExceptedError):
                await block(place, an_entry(user, artist))
            assert await add(place, user, artist) == {artist: AddOutcome.EXCEPTED}
            assert await import_(place, user, artist) == ["artist: you have excepted this artist"]
            with pytest.raises(AlreadyExceptedError):
                await except_(place, user, artist)
    await undo(place, made)
    assert [await exceptions(place, user) for user in people] == before
    await block(place, an_entry(people[0], whole), an_entry(people[1], part))


async def test_who_blocks_one_and_excepts_the_other_has_excepted_both(place: Place) -> None:
    part, whole = await two(place)
    first, second = [(await place.a_person()).id for _ in range(2)]
    await block(place, an_entry(first, part, note="why"), an_entry(second, whole, until=LATER))
    await except_(place, first, whole)
    await except_(place, second, part)
    people = (first, second)
    before = [(await listed(place, user), await exceptions(place, user)) for user in people]
    made = await merge(place, part, whole)
    for user in people:
        assert await listed(place, user) == []
        ((shown,), summary) = await exceptions(place, user), await place.counts.summary(user)
        assert shown.exception.subject == whole
        assert (summary.entries, summary.exceptions) == (0, 1)
    assert (await undo(place, made)).restored == 2
    assert [(await listed(place, u), await exceptions(place, u)) for u in people] == before


async def test_an_exception_that_was_taken_back_stays_so(place: Place) -> None:
    part, whole = await two(place)
    user = (await place.a_person()).id
    await except_(place, user, part, whole)
    made = await merge(place, part, whole)
    ((shown,),) = [await exceptions(place, user)]
    async with place.blocklists() as tx:
        await tx.exceptions.remove(user, shown.exception.id)
    await undo(place, made)
    assert await exceptions(place, user) == []


async def test_the_old_id_of_what_is_listed_cannot_be_excepted(place: Place) -> None:
    part, whole = await two(place)
    user = (await place.a_person()).id
    await block(place, an_entry(user, whole))
    await merge(place, part, whole)
    with pytest.raises(BlockedByOwnListError):
        await except_(place, user, part)


async def test_a_list_entry_keeps_where_it_came_from(place: Place) -> None:
    part, whole = await two(place)
    user = (await place.a_person()).id
    source = EntrySource(kind=SourceKind.LIST, name="robots")
    entry = msgspec.structs.replace(an_entry(user, part), source=source)
    await block(place, entry)
    await merge(place, part, whole)
    assert (await entry_of(place, user)).source == source


async def test_twenty_change_their_lists_while_artists_become_one_and_two_again(
    place: Place, race: Race[object]
) -> None:
    part, whole = await two(place)
    people = [(await place.a_person()).id for _ in range(RACERS)]
    for user in people:
        await block(place, an_entry(user, part), an_entry(user, whole))
    turn = iter(enumerate(people))

    async def act() -> object:
        number, user = next(turn)
        if number == RACERS // 2:
            return await undo(place, await merge(place, part, whole))
        for _ in range(3):
            await edit(place, user, *((part, whole) if number % 2 else (whole, part)))
            await remove(place, user, whole, part)
            await add(place, user, part, whole)
        return None

    results = await race(act)
    assert [result for result in results if isinstance(result, BaseException)] == []
