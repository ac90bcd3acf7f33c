"""The contract of ``DnpRepository``."""

from collections import Counter
from uuid import uuid4

import pytest

from domain.blocklists.dnp_entry import parse_note, parse_tags
from domain.blocklists.errors import (
    ArtistAlreadyBlockedError,
    ArtistNotBlockedError,
    UnknownArtistError,
)
from domain.shared.ids import ArtistId
from tests.builders.blocklists import an_entry
from tests.contracts.conftest import RACERS, Place, Race

pytestmark = pytest.mark.anyio


async def test_an_entry_comes_back_as_it_was_kept(place: Place) -> None:
    user, artist = await place.a_person(), await place.an_artist("Kept")
    entry = an_entry(user.id, artist, tags=["b", "ä"], note="why\nnot")
    async with place.blocklists() as tx:
        await tx.entries.add(entry)
    async with place.blocklists() as tx:
        assert await tx.entries.get_for_update(user.id, artist) == entry


async def test_of_twenty_who_add_one_artist_one_adds_it(place: Place, race: Race[None]) -> None:
    user, artist = await place.a_person(), await place.an_artist("Raced")

    async def add() -> None:
        async with place.blocklists() as tx:
            await tx.entries.add(an_entry(user.id, artist))

    results = Counter(type(result) for result in await race(add))
    assert results == {type(None): 1, ArtistAlreadyBlockedError: RACERS - 1}


async def test_of_twenty_who_remove_one_artist_one_removes_it(
    place: Place, race: Race[None]
) -> None:
    user, artist = await place.a_person(), await place.an_artist("Removed")
    entry = an_entry(user.id, artist)
    async with place.blocklists() as tx:
        await tx.entries.add(entry)

    async def remove() -> None:
        async with place.blocklists() as tx:
            assert await tx.entries.remove(user.id, artist) == entry

    results = Counter(type(result) for result in await race(remove))
    assert results == {type(None): 1, ArtistNotBlockedError: RACERS - 1}


async def test_twenty_edits_of_one_entry_do_not_overwrite_each_other(
    place: Place, race: Race[None]
) -> None:
    user, artist = await place.a_person(), await place.an_artist("Edited")
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, artist, note="0"))

    async def count_up() -> None:
        async with place.blocklists() as tx:
            entry = await tx.entries.get_for_update(user.id, artist)
            note = parse_note(str(int(entry.note or "") + 1))
            await tx.entries.update(entry.edited(note=note))

    assert await race(count_up) == [None] * RACERS
    assert (await place.reader.get(user.id, artist)).note == str(RACERS)


async def test_an_artist_that_nobody_knows_cannot_be_added(place: Place) -> None:
    user = await place.a_person()
    with pytest.raises(UnknownArtistError):
        async with place.blocklists() as tx:
            await tx.entries.add(an_entry(user.id, ArtistId(uuid4())))


async def test_every_method_touches_the_list_of_one_person_only(place: Place) -> None:
    mine, theirs = await place.a_person(), await place.a_person()
    artist = await place.an_artist("Shared")
    entry = an_entry(theirs.id, artist, note="theirs")
    async with place.blocklists() as tx:
        await tx.entries.add(entry)
    with pytest.raises(ArtistNotBlockedError):
        async with place.blocklists() as tx:
            await tx.entries.get_for_update(mine.id, artist)
    with pytest.raises(ArtistNotBlockedError):
        async with place.blocklists() as tx:
            await tx.entries.remove(mine.id, artist)
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(mine.id, artist))
        await tx.entries.update(an_entry(mine.id, artist, note="mine"))
    async with place.blocklists() as tx:
        assert await tx.entries.get_for_update(theirs.id, artist) == entry
        await tx.entries.remove(mine.id, artist)
    assert (await place.reader.get(theirs.id, artist)).note == "theirs"


async def test_only_tags_and_note_change(place: Place) -> None:
    user, artist = await place.a_person(), await place.an_artist("Changed")
    entry = an_entry(user.id, artist, tags=["old"], note="old")
    other = await place.an_artist("Unchanged")
    async with place.blocklists() as tx:
        await tx.entries.add(entry)
        await tx.entries.add(an_entry(user.id, other, note="stays"))
        await tx.entries.update(entry.edited(tags=parse_tags(["new"]), note=None))
    async with place.blocklists() as tx:
        assert await tx.entries.get_for_update(user.id, artist) == an_entry(
            user.id, artist, tags=["new"]
        )
        assert (await tx.entries.get_for_update(user.id, other)).note == "stays"
