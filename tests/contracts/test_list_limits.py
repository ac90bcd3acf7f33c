"""How much a list holds: exactly that, whoever races (EN-16)."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest

from application.blocklists.track_ports import ListException
from domain.accounts.user import User
from domain.blocklists.dnp_entry import parse_tags
from domain.blocklists.errors import ArtistExceptedError, BlockedByOwnListError, ListFullError
from domain.blocklists.limits import MAX_ENTRIES, MAX_EXCEPTIONS, MAX_TAGS_OF_LIST, MAX_TRACKS
from domain.shared.ids import ArtistId, BulkChangeId, ExceptionId
from tests.builders.accounts import NOW
from tests.builders.blocklists import FROM_A_FILE, a_row, a_slice, a_track, an_entry
from tests.contracts.conftest import RACERS, Place, Race

pytestmark = pytest.mark.anyio

ONE_OF_TWENTY = {type(None): 1, ListFullError: RACERS - 1}


def an_exception(user: User, artist: ArtistId) -> ListException:
    """An exception without a note."""
    return ListException(
        id=ExceptionId(uuid4()), user_id=user.id, subject=artist, note=None, added_at=NOW
    )


async def add_entry(place: Place, user: User, artist: ArtistId) -> None:
    """By hand."""
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, artist))


async def add_many(place: Place, user: User, artist: ArtistId) -> None:
    """As one of many."""
    async with place.blocklists() as tx:
        await tx.bulk.add(
            user.id,
            BulkChangeId(uuid4()),
            [artist],
            tags=frozenset(),
            note=None,
            until=None,
            now=NOW,
        )


async def import_it(place: Place, user: User, artist: ArtistId) -> None:
    """From a file."""
    async with place.blocklists() as tx:
        await tx.imports.run(
            user.id,
            [a_row(artist)],
            now=NOW,
            new_id=uuid4,
            change_id=BulkChangeId(uuid4()),
            source=FROM_A_FILE,
            dry_run=False,
        )


async def tag_it(place: Place, user: User, artist: ArtistId) -> None:
    """With a tag that no other entry has."""
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, artist, tags=[uuid4().hex]))


async def add_track(place: Place, user: User, _: ArtistId) -> None:
    """Another each time."""
    async with place.blocklists() as tx:
        await tx.tracks.add(user.id, [a_track()], NOW)


async def except_it(place: Place, user: User, artist: ArtistId) -> None:
    """From every list."""
    async with place.blocklists() as tx:
        await tx.exceptions.add(an_exception(user, artist))


@pytest.mark.parametrize(
    ("what", "most", "act"),
    [
        ("entries", MAX_ENTRIES, add_entry),
        ("entries", MAX_ENTRIES, add_many),
        ("entries", MAX_ENTRIES, import_it),
        ("tags", MAX_TAGS_OF_LIST, tag_it),
        ("tracks", MAX_TRACKS, add_track),
        ("exceptions", MAX_EXCEPTIONS, except_it),
    ],
)
async def test_of_twenty_who_race_for_the_last_place_one_gets_it(
    place: Place,
    race: Race[None],
    what: str,
    most: int,
    act: Callable[[Place, User, ArtistId], Awaitable[Any]],
) -> None:
    user = await place.a_person()
    ids = iter([await place.an_artist(f"Racer {n}") for n in range(RACERS)])
    await place.pretend(user.id, {what: most - 1})
    results = Counter(type(result) for result in await race(lambda: act(place, user, next(ids))))
    assert results == ONE_OF_TWENTY


async def test_twenty_who_block_and_except_one_artist_leave_it_one_or_the_other(
    place: Place, race: Race[None]
) -> None:
    user, artist = await place.a_person(), await place.an_artist("Contested")
    turns = iter(range(RACERS))

    async def act() -> None:
        turn = next(turns)
        await (except_it if turn % 2 else add_many if turn % 4 else import_it)(place, user, artist)

    results = await race(act)
    on_list = len((await place.reader.page(a_slice(user.id))).entries)
    excepted = (await place.counts.summary(user.id)).exceptions
    assert on_list + excepted == 1
    if on_list:
        assert sum(isinstance(r, BlockedByOwnListError) for r in results) == RACERS // 2
    else:
        with pytest.raises(ArtistExceptedError):
            await add_entry(place, user, artist)


async def test_a_full_list_has_room_again_when_something_goes(place: Place) -> None:
    user = await place.a_person()
    one, two = await place.an_artist("One"), await place.an_artist("Two")
    await place.pretend(user.id, {"entries": MAX_ENTRIES - 1})
    await add_entry(place, user, one)
    with pytest.raises(ListFullError):
        await add_entry(place, user, two)
    async with place.blocklists() as tx:
        await tx.entries.remove(user.id, one)
    await add_entry(place, user, two)


async def test_a_tag_that_many_have_is_one(place: Place) -> None:
    user = await place.a_person()
    await place.pretend(user.id, {"tags": MAX_TAGS_OF_LIST - 1})
    for name in ("One", "Two"):
        artist = await place.an_artist(name)
        async with place.blocklists() as tx:
            await tx.entries.add(an_entry(user.id, artist, tags=parse_tags(["same"])))
