"""The contract of ``BulkChanges``: what becomes of each entry, and what undoing puts back."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from application.blocklists.bulk_ports import BulkEdit
from application.blocklists.ports import BlockedArtist, ListOrder
from application.blocklists.track_ports import ListException
from domain.accounts.user import User
from domain.blocklists.bulk import AddOutcome, BulkKind, EditOutcome, RemoveOutcome, UndoneChange
from domain.blocklists.dnp_entry import parse_note, parse_tags
from domain.blocklists.errors import NothingToUndoError
from domain.shared.ids import ArtistId, BulkChangeId, ExceptionId
from tests.builders.accounts import NOW
from tests.builders.blocklists import FROM_A_FILE, a_row, a_slice, an_entry
from tests.contracts.conftest import RACERS, Place, Race

pytestmark = pytest.mark.anyio

NOTHING = BulkEdit(
    add_tags=frozenset(), remove_tags=frozenset(), note=msgspec.UNSET, until=msgspec.UNSET
)


async def artists(place: Place, number: int) -> list[ArtistId]:
    """Some that the catalogue has."""
    return [await place.an_artist(f"Many {index}") for index in range(number)]


async def the_list(place: Place, user: User) -> list[BlockedArtist]:
    """What is on it."""
    return (await place.reader.page(a_slice(user.id, order=ListOrder.OLDEST))).entries


async def add(place: Place, user: User, *ids: ArtistId, tags: tuple[str, ...] = ()) -> BulkChangeId:
    """All at once."""
    change_id = BulkChangeId(uuid4())
    async with place.blocklists() as tx:
        outcomes = await tx.bulk.add(
            user.id, change_id, ids, tags=parse_tags([*tags]), note=None, until=None, now=NOW
        )
    assert set(outcomes) == set(ids)
    return change_id


async def edit(place: Place, user: User, *ids: ArtistId, edit: BulkEdit) -> dict[ArtistId, str]:
    """All alike, a second later."""
    async with place.blocklists() as tx:
        now = NOW + timedelta(seconds=1)
        outcomes = await tx.bulk.edit(user.id, BulkChangeId(uuid4()), ids, edit=edit, now=now)
    return {artist: outcome.value for artist, outcome in outcomes.items()}


async def remove(place: Place, user: User, *ids: ArtistId) -> dict[ArtistId, RemoveOutcome]:
    """All at once, two seconds later."""
    async with place.blocklists() as tx:
        now = NOW + timedelta(seconds=2)
        return dict(await tx.bulk.remove(user.id, BulkChangeId(uuid4()), ids, now=now))


async def undo(
    place: Place, user: User, *, later: timedelta = timedelta(seconds=9)
) -> UndoneChange:
    """The last one."""
    async with place.blocklists() as tx:
        return await tx.bulk.undo(user.id, None, now=NOW + later)


async def test_what_is_there_stays_and_what_nobody_knows_is_told(place: Place) -> None:
    user, (there, new, loved) = await place.a_person(), await artists(place, 3)
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, there, note="mine"))
        await tx.exceptions.add(
            ListException(
                id=ExceptionId(uuid4()), user_id=user.id, subject=loved, note=None, added_at=NOW
            )
        )
    unknown = ArtistId(uuid4())
    async with place.blocklists() as tx:
        outcomes = await tx.bulk.add(
            user.id,
            BulkChangeId(uuid4()),
            [new, unknown, there, loved],
            tags=parse_tags(["a", "B"]),
            note=parse_note("all"),
            until=NOW + timedelta(days=1),
            now=NOW,
        )
    assert outcomes == {
        new: AddOutcome.ADDED,
        unknown: AddOutcome.UNKNOWN,
        there: AddOutcome.ALREADY_THERE,
        loved: AddOutcome.EXCEPTED,
    }
    entries = {entry.artist.id: entry for entry in await the_list(place, user)}
    assert set(entries) == {there, new}
    assert (entries[there].note, entries[there].tags) == ("mine", [])
    assert (entries[new].note, entries[new].tags) == ("all", ["B", "a"])
    assert entries[new].until == NOW + timedelta(days=1)


async def test_an_edit_tells_what_changed_and_what_did_not(place: Place) -> None:
    user, (one, two, three, four) = await place.a_person(), await artists(place, 4)
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, one, tags=["old", "x"], note="keep"))
        await tx.entries.add(an_entry(user.id, two, tags=["new"]))
        await tx.entries.add(an_entry(user.id, three, tags=[f"t{n}" for n in range(20)]))
    change = msgspec.structs.replace(
        NOTHING, add_tags=parse_tags(["new"]), remove_tags=parse_tags(["old"])
    )
    assert await edit(place, user, one, two, three, four, edit=change) == {
        one: EditOutcome.CHANGED,
        two: EditOutcome.UNCHANGED,
        three: EditOutcome.TOO_MANY_TAGS,
        four: EditOutcome.NOT_THERE,
    }
    entry = await place.reader.get(user.id, one)
    assert (entry.tags, entry.note) == (["new", "x"], "keep")
    note = msgspec.structs.replace(NOTHING, note=None, until=NOW + timedelta(hours=1))
    assert await edit(place, user, one, edit=note) == {one: EditOutcome.CHANGED}
    entry = await place.reader.get(user.id, one)
    assert (entry.note, entry.until) == (None, NOW + timedelta(hours=1))


async def test_undoing_an_addition_leaves_what_was_changed_since(place: Place) -> None:
    user, (one, two, three) = await place.a_person(), await artists(place, 3)
    change_id = await add(place, user, one, two, three)
    async with place.blocklists() as tx:
        entry = await tx.entries.get_for_update(user.id, two)
        await tx.entries.update(entry.edited(note=parse_note("worth keeping")))
        await tx.entries.remove(user.id, three)
    undone = await undo(place, user)
    assert (undone.change.id, undone.change.kind) == (change_id, BulkKind.ADD)
    assert (undone.restored, undone.left) == (1, 2)
    assert [entry.artist.id for entry in await the_list(place, user)] == [two]


async def test_undoing_an_import_takes_off_what_it_added_and_nothing_else(place: Place) -> None:
    user, (there, one, two) = await place.a_person(), await artists(place, 3)
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, there, note="before"))
        await tx.imports.run(
            user.id,
            [a_row(there), a_row(one, line=3), a_row(two, line=4)],
            now=NOW,
            new_id=uuid4,
            change_id=BulkChangeId(uuid4()),
            source=FROM_A_FILE,
            dry_run=False,
        )
    assert len(await the_list(place, user)) == 3
    undone = await undo(place, user)
    assert (undone.change.kind, undone.restored, undone.left) == (BulkKind.IMPORT, 2, 0)
    (entry,) = await the_list(place, user)
    assert (entry.artist.id, entry.note) == (there, "before")


async def test_undoing_an_edit_restores_every_entry_to_the_letter(place: Place) -> None:
    user, (one, two) = await place.a_person(), await artists(place, 2)
    async with place.blocklists() as tx:
        await tx.entries.add(
            an_entry(user.id, one, tags=["ä", "B"], note="why\nnot", until=NOW + timedelta(days=9))
        )
        await tx.entries.add(an_entry(user.id, two, added_at=NOW + timedelta(seconds=1)))
    before = await the_list(place, user)
    change = BulkEdit(
        add_tags=parse_tags(["c"]), remove_tags=parse_tags(["B"]), note=None, until=None
    )
    await edit(place, user, one, two, edit=change)
    assert await the_list(place, user) != before
    undone = await undo(place, user)
    assert (undone.change.kind, undone.restored, undone.left) == (BulkKind.EDIT, 2, 0)
    assert await the_list(place, user) == before
    assert [entry.version for entry in await the_list(place, user)] == [e.version for e in before]


async def test_undoing_an_edit_leaves_what_was_changed_since(place: Place) -> None:
    user, (one, two) = await place.a_person(), await artists(place, 2)
    await add(place, user, one, two, tags=("old",))
    change = msgspec.structs.replace(NOTHING, add_tags=parse_tags(["new"]))
    await edit(place, user, one, two, edit=change)
    async with place.blocklists() as tx:
        entry = await tx.entries.get_for_update(user.id, two)
        await tx.entries.update(entry.edited(note=parse_note("since")))
    undone = await undo(place, user)
    assert (undone.restored, undone.left) == (1, 1)
    entries = {entry.artist.id: entry for entry in await the_list(place, user)}
    assert entries[one].tags == ["old"]
    assert (entries[two].tags, entries[two].note) == (["new", "old"], "since")


async def test_undoing_a_removal_leaves_what_was_added_or_excepted_since(place: Place) -> None:
    user, (one, two, three) = await place.a_person(), await artists(place, 3)
    async with place.blocklists() as tx:
        for artist in (one, two, three):
            await tx.entries.add(an_entry(user.id, artist, tags=["a"], note="old"))
    assert set((await remove(place, user, one, two, three)).values()) == {RemoveOutcome.REMOVED}
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, two, note="new"))
        await tx.exceptions.add(
            ListException(
                id=ExceptionId(uuid4()), user_id=user.id, subject=three, note=None, added_at=NOW
            )
        )
    undone = await undo(place, user)
    assert (undone.change.kind, undone.restored, undone.left) == (BulkKind.REMOVE, 1, 2)
    notes = {entry.artist.id: entry.note for entry in await the_list(place, user)}
    assert notes == {one: "old", two: "new"}
    assert (await place.reader.get(user.id, one)).tags == ["a"]


async def test_only_the_last_change_of_the_last_day_is_undone(place: Place) -> None:
    user, (one, two) = await place.a_person(), await artists(place, 2)
    first = await add(place, user, one)
    await remove(place, user, one)
    await remove(place, user, two)  # changes nothing, so it is nothing to undo
    with pytest.raises(NothingToUndoError):
        async with place.blocklists() as tx:
            await tx.bulk.undo(user.id, first, now=NOW + timedelta(seconds=5))
    with pytest.raises(NothingToUndoError):
        await undo(place, user, later=timedelta(hours=24, seconds=2))
    assert (await undo(place, user)).restored == 1
    with pytest.raises(NothingToUndoError):  # and not the one before
        await undo(place, user)


async def test_somebody_elses_list_is_neither_changed_nor_undone(place: Place) -> None:
    mine, theirs, (artist,) = (
        await place.a_person(),
        await place.a_person(),
        await artists(place, 1),
    )
    change_id = await add(place, theirs, artist)
    assert await remove(place, mine, artist) == {artist: RemoveOutcome.NOT_THERE}
    change = msgspec.structs.replace(NOTHING, note=parse_note("mine"))
    assert await edit(place, mine, artist, edit=change) == {artist: EditOutcome.NOT_THERE}
    with pytest.raises(NothingToUndoError):
        async with place.blocklists() as tx:
            await tx.bulk.undo(mine.id, change_id, now=NOW)
    assert len(await the_list(place, theirs)) == 1


async def test_of_twenty_who_undo_one_does(place: Place, race: Race[UndoneChange]) -> None:
    user, ids = await place.a_person(), await artists(place, 30)
    await add(place, user, *ids)
    results = await race(lambda: undo(place, user))
    told = Counter(r.restored if isinstance(r, UndoneChange) else type(r) for r in results)
    assert told == {30: 1, NothingToUndoError: RACERS - 1}
    assert await the_list(place, user) == []


async def test_twenty_changes_in_any_order_wait_for_each_other_without_a_knot(
    place: Place, race: Race[None]
) -> None:
    user, ids = await place.a_person(), await artists(place, 30)
    turns = iter(range(RACERS))

    async def change() -> None:
        turn = next(turns)
        mixed = (ids[turn:] + ids[:turn])[:: 1 if turn % 2 else -1]
        match turn % 4:
            case 0:
                await add(place, user, *mixed, tags=("a", "b"))
            case 1:
                await remove(place, user, *mixed)
            case 2:
                tag = msgspec.structs.replace(NOTHING, add_tags=parse_tags([f"t{turn}"]))
                await edit(place, user, *mixed, edit=tag)
            case _:
                async with place.blocklists() as tx:
                    for artist in mixed[:3]:
                        await tx.bulk.add(
                            user.id,
                            BulkChangeId(uuid4()),
                            [artist],
                            tags=parse_tags(["c"]),
                            note=None,
                            until=None,
                            now=NOW,
                        )

    assert await race(change) == [None] * RACERS
    entries = await the_list(place, user)
    found = Counter(tag for entry in entries for tag in entry.tags)
    assert {count.tag: count.entries for count in await place.counts.tags(user.id)} == found
    assert (await place.counts.summary(user.id)).entries == len(entries)
