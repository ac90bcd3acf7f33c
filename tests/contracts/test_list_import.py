"""The contract of ``ListImport``."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from uuid import uuid4

import pytest

from application.blocklists.import_ports import ImportOutcome
from application.blocklists.ports import BlockedArtist, ListOrder
from domain.accounts.user import User
from domain.blocklists.list_formats.row import ListRow
from domain.catalog.artist_name import search_key
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import ArtistId
from tests.builders.accounts import NOW
from tests.builders.blocklists import a_row, a_slice, a_spotify_id, an_entry
from tests.contracts.conftest import RACERS, Place, Race

pytestmark = pytest.mark.anyio


Counts = tuple[int, int]


async def outcome_of(
    place: Place, user: User, rows: Iterable[ListRow], *, dry_run: bool = False
) -> ImportOutcome:
    """One import in a transaction of its own."""
    async with place.blocklists() as tx:
        return await tx.imports.run(user.id, rows, now=NOW, new_id=uuid4, dry_run=dry_run)


async def run(place: Place, user: User, rows: Iterable[ListRow]) -> Counts:
    """How many one import has added, and how many were there; no other rows are expected."""
    outcome = await outcome_of(place, user, rows)
    assert (outcome.needs_review, outcome.rejected) == (0, [])
    return outcome.added, outcome.already_there


async def the_list(place: Place, user: User) -> list[BlockedArtist]:
    """What is on it, by name."""
    return (await place.reader.page(a_slice(user.id, order=ListOrder.NAME))).entries


async def test_known_and_new_artists_come_onto_the_list(place: Place) -> None:
    user, known, new = await place.a_person(), a_spotify_id(), a_spotify_id()
    artist = await place.an_artist("Known Here", external_ids=[known])
    rows = [a_row(known, name="Called Otherwise"), a_row(new, line=3, name="New Here")]
    assert await run(place, user, rows) == (2, 0)
    first, second = await the_list(place, user)
    assert (first.artist.id, first.artist.canonical_name) == (artist, "Known Here")
    assert second.artist.canonical_name == "New Here"
    assert second.artist.external_ids == {new.service: new.value}
    assert second.artist.created_at == second.added_at == NOW


async def test_new_artists_are_found_by_their_name(place: Place) -> None:
    user, name = await place.a_person(), f"Ünfound {uuid4().hex}"
    await run(place, user, [a_row(a_spotify_id(), name=name)])
    (entry,) = await the_list(place, user)
    (found,) = await place.search.find(search_key(name), 10)
    assert found.id == entry.artist.id


async def test_the_same_id_on_another_service_is_another_artist(place: Place) -> None:
    user, number = await place.a_person(), str(uuid4().int)[:18]
    keys = [
        ExternalId(service=service, value=number)
        for service in (MusicService.DEEZER, MusicService.TIDAL)
    ]
    assert await run(place, user, [a_row(key, name="Namesake") for key in keys]) == (2, 0)
    assert len(await the_list(place, user)) == 2


async def test_tags_note_and_date_of_a_row_are_kept(place: Place) -> None:
    user, past = await place.a_person(), NOW - timedelta(days=400)
    row = a_row(a_spotify_id(), tags=["b", "a"], note="why", added_at=past)
    await run(place, user, [row])
    (entry,) = await the_list(place, user)
    assert (entry.tags, entry.note, entry.added_at) == (["a", "b"], "why", past)


async def test_a_date_in_the_future_becomes_now(place: Place) -> None:
    user = await place.a_person()
    await run(place, user, [a_row(a_spotify_id(), added_at=NOW + timedelta(days=1))])
    (entry,) = await the_list(place, user)
    assert entry.added_at == NOW


async def test_entries_that_are_there_stay_as_they_are(place: Place) -> None:
    user, key = await place.a_person(), a_spotify_id()
    artist = await place.an_artist("Stays", external_ids=[key])
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, artist, tags=["mine"], note="mine"))
    before = await the_list(place, user)
    row = a_row(key, tags=["other"], note="other", added_at=NOW - timedelta(days=1))
    assert await run(place, user, [row]) == (0, 1)
    assert await the_list(place, user) == before


async def test_an_artist_twice_in_a_file_is_there_already(place: Place) -> None:
    user, key, new = await place.a_person(), a_spotify_id(), a_spotify_id()
    artist = await place.an_artist("Twice", external_ids=[key])
    rows = [
        a_row(key, line=2, note="first"),
        a_row(artist, line=3, note="second"),
        a_row(new, line=4, note="first"),
        a_row(new, line=5, note="second"),
    ]
    assert await run(place, user, rows) == (2, 2)
    assert {entry.note for entry in await the_list(place, user)} == {"first"}


async def test_to_import_a_file_again_changes_nothing(place: Place) -> None:
    user, keys = await place.a_person(), [a_spotify_id() for _ in range(600)]
    rows = [a_row(key, line=line, name=f"Again {line}") for line, key in enumerate(keys, 2)]
    assert await run(place, user, iter(rows)) == (600, 0)
    before = [entry async for entry in place.reader.all(user.id)]
    assert await run(place, user, iter(rows)) == (0, 600)
    assert [entry async for entry in place.reader.all(user.id)] == before


async def test_an_id_of_our_own_that_nobody_has_is_told_with_its_line(place: Place) -> None:
    user, artist = await place.a_person(), await place.an_artist("Ours")
    rows = [a_row(artist, line=2), a_row(ArtistId(uuid4()), line=3)]
    result = await outcome_of(place, user, rows)
    assert (result.added, result.already_there) == (1, 0)
    ((line, reason),) = [(r.line, r.reason) for r in result.rejected]
    assert line == 3
    assert "no artist" in reason
    assert [entry.artist.id for entry in await the_list(place, user)] == [artist]


async def test_a_file_touches_the_list_of_one_person_only(place: Place) -> None:
    mine, theirs = await place.a_person(), await place.a_person()
    key = a_spotify_id()
    await run(place, theirs, [a_row(key)])
    assert await run(place, mine, [a_row(key)]) == (1, 0)
    assert len(await the_list(place, theirs)) == len(await the_list(place, mine)) == 1


async def test_twenty_imports_of_the_same_new_artists_take_each_in_once(
    place: Place, race: Race[Counts]
) -> None:
    name, keys = uuid4().hex, [a_spotify_id() for _ in range(30)]
    people = iter([await place.a_person() for _ in range(RACERS)])
    rows = [a_row(key, line=line, name=f"{name} {line}") for line, key in enumerate(keys, 2)]
    results = await race(lambda: run(place, next(people), rows))
    assert results == [(len(keys), 0)] * RACERS
    assert len(await place.search.find(name, 100)) == len(keys)


async def test_twenty_imports_onto_one_list_add_each_artist_once(
    place: Place, race: Race[Counts]
) -> None:
    user, keys = await place.a_person(), [a_spotify_id() for _ in range(30)]
    rows = [a_row(key, line=line) for line, key in enumerate(keys, 2)]
    results = await race(lambda: run(place, user, rows))
    added = Counter(r[0] if isinstance(r, tuple) else repr(r) for r in results)
    assert added == {len(keys): 1, 0: RACERS - 1}
    assert len(await the_list(place, user)) == len(keys)


async def test_twenty_imports_in_any_order_wait_for_each_other_without_a_knot(
    place: Place, race: Race[Counts]
) -> None:
    user, keys = await place.a_person(), [a_spotify_id() for _ in range(30)]
    turns = iter(range(RACERS))

    def rows() -> list[ListRow]:
        turn = next(turns)
        return [a_row(key) for key in (keys[turn:] + keys[:turn])[:: 1 if turn % 2 else -1]]

    results = await race(lambda: run(place, user, rows()))
    assert sum(r[0] for r in results if isinstance(r, tuple)) == len(keys)
    assert not [r for r in results if isinstance(r, BaseException)]


async def test_twenty_imports_of_known_artists_wait_for_each_other_without_a_knot(
    place: Place, race: Race[Counts]
) -> None:
    user, keys = await place.a_person(), [a_spotify_id() for _ in range(3_000)]
    await run(place, await place.a_person(), [a_row(key) for key in keys])
    turns = iter(range(RACERS))

    def rows() -> list[ListRow]:
        return [a_row(key) for key in keys[:: 1 if next(turns) % 2 else -1]]

    results = await race(lambda: run(place, user, rows()))
    assert sum(r[0] for r in results if isinstance(r, tuple)) == len(keys)
    assert not [r for r in results if isinstance(r, BaseException)]


async def test_any_sign_arrives_as_it_is(place: Place) -> None:
    user = await place.a_person()
    name, note, tags = "\\N\\t{}", 'a\tb\nc\\d"', ['"', "\\", "{,}", "NULL"]
    await run(place, user, [a_row(a_spotify_id(), name=name, note=note, tags=tags)])
    (entry,) = await the_list(place, user)
    assert (entry.artist.canonical_name, entry.note) == (name, note)
    assert sorted(entry.tags) == sorted(tags)
