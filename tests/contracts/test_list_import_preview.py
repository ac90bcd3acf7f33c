"""The contract of ``ListImport``: rows with several ids or none, and runs that change nothing."""

from uuid import uuid4

import pytest

from application.blocklists.import_ports import ReviewReason
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import ArtistId
from tests.builders.blocklists import a_row, a_spotify_id, an_entry
from tests.contracts.conftest import Place
from tests.contracts.test_list_import import outcome_of, the_list

pytestmark = pytest.mark.anyio


def a_deezer_id() -> ExternalId:
    """An id on Deezer that no other artist has."""
    return ExternalId(service=MusicService.DEEZER, value=str(uuid4().int)[:18])


async def test_one_known_id_of_several_says_who_it_is(place: Place) -> None:
    user, known, other = await place.a_person(), a_spotify_id(), a_deezer_id()
    artist = await place.an_artist("Known", external_ids=[known])
    outcome = await outcome_of(place, user, [a_row(other, known)])
    assert (outcome.added, outcome.needs_review) == (1, 0)
    (entry,) = await the_list(place, user)
    assert entry.artist.id == artist
    assert entry.artist.external_ids == {known.service: known.value}  # a file proves nothing


async def test_ids_of_two_artists_are_left_for_review_with_both(place: Place) -> None:
    user, one, two = await place.a_person(), a_spotify_id(), a_deezer_id()
    first = await place.an_artist("First", external_ids=[one])
    second = await place.an_artist("Second", external_ids=[two])
    outcome = await outcome_of(place, user, [a_row(one, two, line=7, name="Both")])
    assert (outcome.added, outcome.already_there, outcome.needs_review) == (0, 0, 1)
    (review,) = outcome.reviews
    assert (review.line, review.name, review.reason) == (7, "Both", ReviewReason.IDS_DISAGREE)
    assert {candidate.id for candidate in review.candidates} == {first, second}
    assert await the_list(place, user) == []


async def test_a_new_artist_comes_with_all_its_ids(place: Place) -> None:
    user, one, two = await place.a_person(), a_spotify_id(), a_deezer_id()
    assert (await outcome_of(place, user, [a_row(one, two, name="New")])).added == 1
    (entry,) = await the_list(place, user)
    assert entry.artist.external_ids == {one.service: one.value, two.service: two.value}


async def test_rows_that_share_an_id_are_one_new_artist(place: Place) -> None:
    user, one, two = await place.a_person(), a_spotify_id(), a_deezer_id()
    rows = [a_row(one, two, line=2, name="New"), a_row(two, line=3, name="Same")]
    outcome = await outcome_of(place, user, rows)
    assert (outcome.added, outcome.already_there, outcome.needs_review) == (1, 1, 0)
    assert [entry.artist.canonical_name for entry in await the_list(place, user)] == ["New"]


async def test_a_row_between_two_new_artists_is_left_for_review(place: Place) -> None:
    user, one, two = await place.a_person(), a_spotify_id(), a_deezer_id()
    rows = [
        a_row(one, line=2, name="One"),
        a_row(two, line=3, name="Two"),
        a_row(one, two, line=4, name="Between"),
    ]
    outcome = await outcome_of(place, user, rows)
    assert (outcome.added, outcome.needs_review) == (2, 1)
    assert [review.line for review in outcome.reviews] == [4]
    again = await outcome_of(place, user, rows)
    assert (again.added, again.already_there, again.needs_review) == (0, 2, 1)


async def test_a_name_alone_is_never_added(place: Place) -> None:
    user, name = await place.a_person(), f"Nämesake {uuid4().hex}"
    artist = await place.an_artist(name, external_ids=[a_spotify_id()])
    listed = await place.an_artist(name, external_ids=[a_spotify_id()])
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, listed))
    rows = [a_row(line=3, name=name.upper()), a_row(line=4, name=uuid4().hex)]
    outcome = await outcome_of(place, user, rows)
    assert (outcome.added, outcome.already_there, outcome.needs_review) == (0, 0, 2)
    found, nobody = outcome.reviews
    assert (found.line, found.reason) == (3, ReviewReason.NAME_ONLY)
    assert [(c.id, c.is_listed) for c in found.candidates] == [(listed, True), (artist, False)]
    assert nobody.candidates == []
    assert [entry.artist.id for entry in await the_list(place, user)] == [listed]


async def test_a_name_has_five_candidates_at_most(place: Place) -> None:
    user, name = await place.a_person(), f"Everybody {uuid4().hex}"
    for _ in range(7):
        await place.an_artist(name, external_ids=[a_spotify_id()])
    (review,) = (await outcome_of(place, user, [a_row(name=name)])).reviews
    assert len(review.candidates) == 5


async def test_an_unknown_id_without_a_name_is_rejected(place: Place) -> None:
    user, known = await place.a_person(), a_spotify_id()
    await place.an_artist("Known", external_ids=[known])
    rows = [a_row(known, line=1, name=None), a_row(a_spotify_id(), line=2, name=None)]
    outcome = await outcome_of(place, user, rows)
    assert outcome.added == 1
    assert [(shown.line, shown.name) for shown in outcome.additions] == [(1, "Known")]
    assert [rejection.line for rejection in outcome.rejected] == [2]
    assert "no name" in outcome.rejected[0].reason


async def test_a_dry_run_says_the_same_and_writes_nothing(place: Place) -> None:
    user, known, there = await place.a_person(), a_spotify_id(), a_spotify_id()
    artist = await place.an_artist("Known", external_ids=[known])
    listed = await place.an_artist("There", external_ids=[there])
    async with place.blocklists() as tx:
        await tx.entries.add(an_entry(user.id, listed))
    new, name = a_spotify_id(), f"Brand new {uuid4().hex}"
    rows = [
        a_row(known, line=2),
        a_row(there, line=3),
        a_row(new, line=4, name=name),
        a_row(new, line=5, name=name),
        a_row(line=6, name="Only a name"),
        a_row(ArtistId(uuid4()), line=7),
    ]
    dry = await outcome_of(place, user, rows, dry_run=True)
    assert (dry.added, dry.already_there, dry.needs_review) == (2, 2, 1)
    assert [(s.line, s.artist_id) for s in dry.additions] == [(2, artist), (4, None)]
    assert [s.line for s in dry.there] == [3, 5]
    assert [entry.artist.id for entry in await the_list(place, user)] == [listed]
    assert await place.search.find(name.lower(), 10) == []
    assert await outcome_of(place, user, rows) == dry
    assert len(await the_list(place, user)) == 3
