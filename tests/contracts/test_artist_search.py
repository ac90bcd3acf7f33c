"""The contract of ``ArtistSearch``."""

from collections.abc import Iterable
from uuid import uuid4

import pytest

from application.catalog.ports import ArtistHit
from domain.catalog.artist_name import search_key
from domain.shared.external_id import MusicService
from domain.shared.ids import UserId
from tests.builders.blocklists import a_spotify_id
from tests.contracts.conftest import Place

pytestmark = pytest.mark.anyio


def a_word() -> str:
    """A word in no other test's names, of letters alone, that no other query here begins."""
    return "q" + "".join(chr(ord("a") + int(digit, 16)) for digit in uuid4().hex[:12])


async def hits_of(place: Place, text: str, limit: int = 10) -> list[ArtistHit]:
    """Of somebody with an empty list."""
    return await place.search.find(search_key(text), limit, listener=UserId(uuid4()))


async def found(place: Place, text: str, limit: int = 10) -> list[str]:
    """The names of the hits."""
    return [hit.artist.canonical_name for hit in await hits_of(place, text, limit)]


async def take_in(place: Place, names: Iterable[str]) -> None:
    """Put artists into the catalogue in that order."""
    for name in names:
        await place.an_artist(name)


async def test_an_artist_is_found_whole_with_the_first_id_of_each_service(place: Place) -> None:
    word, ids = a_word(), [a_spotify_id() for _ in range(3)]
    artist = await place.an_artist(word, external_ids=ids)
    (hit,) = await hits_of(place, word)
    assert (hit.artist.id, hit.artist.canonical_name, hit.artist.metadata) == (artist, word, {})
    assert hit.artist.external_ids == {MusicService.SPOTIFY: min(known.value for known in ids)}


async def test_exact_names_come_first_then_beginnings_then_words(place: Place) -> None:
    word = a_word()
    in_order = [
        word,
        f"{word}s",
        f"{word} and band",
        f"a {word}",
        f"some other {word}",
    ]
    await take_in(place, reversed(in_order))
    assert await found(place, word) == in_order


async def test_words_are_found_in_any_order_and_by_their_beginnings(place: Place) -> None:
    word = a_word()
    await take_in(place, [f"Alpha Bravo {word}", f"Alpha {word}", f"Xalpha Bravo {word}"])
    assert await found(place, f"{word} brav alp") == [f"Alpha Bravo {word}"]


async def test_case_accents_and_punctuation_do_not_matter(place: Place) -> None:
    word = a_word()
    await take_in(place, [f"Björk-{word}!"])
    assert await found(place, f"BJORK {word}") == [f"Björk-{word}!"]


async def test_an_artist_with_several_matching_names_is_one_hit(place: Place) -> None:
    word = a_word()
    await place.an_artist(f"{word} a", *(f"{word} {letter}" for letter in "bcdefgh"))
    await place.an_artist(f"{word} zz")
    assert await found(place, word, 2) == [f"{word} a", f"{word} zz"]


async def test_there_are_never_more_hits_than_wanted_and_the_exact_one_is_among_them(
    place: Place,
) -> None:
    word = a_word()
    await take_in(place, [*(f"{word} {index:02}" for index in range(30)), word])
    hits = await found(place, word, 7)
    assert len(hits) == 7
    assert hits[0] == word


async def test_a_name_of_signs_alone_is_found(place: Place) -> None:
    before = await found(place, "!!!", 100)
    await take_in(place, ["!!!"])
    assert await found(place, "!!!", 100) == ["!!!", *before]


@pytest.mark.parametrize(
    "text", ["%", "_", "\\", "'", "':*", "a & | ! b", "<->", "(", "' | 'a", "\\' \\", "🎵", "1e"]
)
async def test_what_a_query_language_would_read_finds_nothing_and_breaks_nothing(
    place: Place, text: str
) -> None:
    word = a_word()
    await take_in(place, [f"{word} one", f"{word} two"])
    assert await found(place, f"{word}{text}nothing") == []
    assert not set(await found(place, text)) & {f"{word} one", f"{word} two"}


async def test_signs_are_looked_up_as_themselves(place: Place) -> None:
    for signs in ("%", "_", "\\", "'"):
        await place.an_artist(signs * 3)
        assert set(await found(place, signs)) == {signs * 3}
