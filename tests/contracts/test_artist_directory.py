"""The contract of ``ArtistDirectory``: what speaks for whom, for many rows at once."""

from collections.abc import Callable
from itertools import count
from uuid import uuid4

import pytest

from domain.catalog.resolution import Match, Question, Way
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import ArtistId
from tests.builders.blocklists import a_spotify_id
from tests.contracts.conftest import Place
from tests.contracts.test_artist_merges import merge, undo
from tests.contracts.test_artist_search import a_word

pytestmark = pytest.mark.anyio

_NUMBERS = count(uuid4().int % 10**12)


def a_deezer_id() -> ExternalId:
    """An id on Deezer that no other artist has."""
    return ExternalId(service=MusicService.DEEZER, value=str(next(_NUMBERS)))


async def found(place: Place, name: str | None, *ids: ExternalId) -> list[Match]:
    """What speaks for whom in one row, in a steady order."""
    findings = await place.artist_directory.look_up([Question.of(name, ids)])
    (matches,) = findings.matches
    assert {match.artist_id for match in matches} == set(findings.artists)
    return sorted(matches, key=lambda match: (match.way, match.artist_id, match.name or ""))


async def ways(place: Place, name: str | None, *ids: ExternalId) -> set[tuple[ArtistId, Way]]:
    """Who by which way."""
    return {(match.artist_id, match.way) for match in await found(place, name, *ids)}


async def test_an_artist_is_found_by_every_id_it_has(place: Place) -> None:
    ids = [a_spotify_id(), a_spotify_id(), a_deezer_id()]
    artist = await place.an_artist(a_word(), external_ids=ids)
    for known in ids:
        (match,) = await found(place, None, known)
        assert (match.artist_id, match.way, match.id) == (artist, Way.ID, known)
        assert match.services == {MusicService.SPOTIFY, MusicService.DEEZER}
    assert await found(place, None, a_spotify_id()) == []
    other_service = ExternalId(service=MusicService.TIDAL, value=ids[2].value)
    assert await found(place, None, other_service) == []


async def test_names_are_told_from_aliases(place: Place) -> None:
    name, alias = a_word(), a_word()
    artist = await place.an_artist(f"Señor {name}", f"Mr. {alias}")
    (match,) = await found(place, f"senor {name.upper()}")
    assert (match.artist_id, match.way, match.name) == (artist, Way.NAME, f"Señor {name}")
    (match,) = await found(place, f"MR {alias}")
    assert (match.artist_id, match.way, match.name) == (artist, Way.ALIAS, f"Mr. {alias}")
    assert await found(place, name) == []


async def test_all_homonyms_are_found(place: Place) -> None:
    name = a_word()
    homonyms = {await place.an_artist(name) for _ in range(3)}
    assert await ways(place, name) == {(artist, Way.NAME) for artist in homonyms}


async def test_what_tells_homonyms_apart_comes_along(place: Place) -> None:
    name = a_word()
    rapper, band = await place.an_artist(name), await place.an_artist(name)
    await place.describe(rapper, "Canadian Rapper")
    findings = await place.artist_directory.look_up([Question.of(name, [])])
    assert findings.disambiguations == {rapper: "Canadian Rapper"}
    assert {match.artist_id: match.disambiguation for match in findings.matches[0]} == {
        rapper: {"canadian", "rapper"},
        band: frozenset(),
    }
    assert (await place.artists.get(rapper)).disambiguation == "Canadian Rapper"
    assert (await place.artists.get(band)).disambiguation is None


async def test_of_very_many_homonyms_the_one_with_the_id_is_among_the_answers(
    place: Place,
) -> None:
    name, ids = a_word(), [a_spotify_id() for _ in range(25)]
    for known in ids:
        artist = await place.an_artist(name, external_ids=[known])
        assert {(artist, Way.ID), (artist, Way.NAME)} <= await ways(place, name, known)


async def test_the_name_before_the_guests_is_found(place: Place) -> None:
    lead, guest = a_word(), a_word()
    artist = await place.an_artist(lead)
    await place.an_artist(guest)
    assert await ways(place, f"{lead} feat. {guest}") == {(artist, Way.CREDIT)}
    both = await place.an_artist(f"{lead} feat. {guest}")
    assert await ways(place, f"{lead} feat. {guest}") == {(artist, Way.CREDIT), (both, Way.NAME)}


@pytest.mark.parametrize(
    "slip",
    [
        lambda name: name[:-1],
        lambda name: name[:4] + name[5:],
        lambda name: name[:4] + "z" + name[5:],
        lambda name: name[:4] + "z" + name[4:],
        lambda name: name[:4] + name[5] + name[4] + name[6:],
        lambda name: f"{name[:6]} {name[6:]}",
        lambda name: f"The {name}",
        lambda name: f"{name[:6]} & {name[6:]}",
    ],
)
async def test_one_slip_of_the_finger_finds_what_is_meant(
    place: Place, slip: Callable[[str], str]
) -> None:
    word = a_word()
    name = f"{word[:4]}xy{word[4:]}"  # two letters alike, turned round, would be no slip
    artist = await place.an_artist(name)
    (match,) = await found(place, slip(name))
    assert (match.artist_id, match.way, match.name) == (artist, Way.SIMILAR, name)
    assert match.distance <= 1


async def test_a_name_beside_an_id_is_looked_up_with_a_slip_as_well(place: Place) -> None:
    known, name = a_spotify_id(), a_word()
    by_id = await place.an_artist(a_word(), external_ids=[known])
    similar = await place.an_artist(name + "z")
    assert await ways(place, name, known) == {(by_id, Way.ID), (similar, Way.SIMILAR)}


async def test_what_is_similar_is_left_out_where_a_name_is_the_same(place: Place) -> None:
    name = a_word()
    artist, _ = await place.an_artist(name), await place.an_artist(name + "z")
    assert await ways(place, name) == {(artist, Way.NAME)}


async def test_a_thousand_rows_are_answered_in_their_order(place: Place) -> None:
    known, name = a_spotify_id(), a_word()
    by_id = await place.an_artist(a_word(), external_ids=[known])
    by_name = await place.an_artist(name)
    questions = [
        (Question.of(None, [known]), Question.of(name, []), Question.of(None, []))[row % 3]
        for row in range(1000)
    ]
    findings = await place.artist_directory.look_up(questions)
    assert [[match.artist_id for match in matches] for matches in findings.matches] == [
        [[by_id], [by_name], []][row % 3] for row in range(1000)
    ]
    assert set(findings.artists) == {by_id, by_name}


async def test_nothing_is_asked_of_nobody(place: Place) -> None:
    findings = await place.artist_directory.look_up([])
    assert (findings.matches, findings.artists) == ([], {})


async def test_a_merged_artist_is_found_as_its_survivor_until_that_is_undone(
    place: Place,
) -> None:
    known, name = a_spotify_id(), a_word()
    part = await place.an_artist(name, external_ids=[known])
    whole = await place.an_artist(a_word())
    made = await merge(place, part, whole)
    assert await ways(place, name, known) == {(whole, Way.ID), (whole, Way.ALIAS)}
    await undo(place, made)
    assert await ways(place, name, known) == {(part, Way.ID), (part, Way.NAME)}
