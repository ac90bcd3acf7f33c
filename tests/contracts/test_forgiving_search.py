"""The contract of ``ArtistSearch``: what is forgiven to people who type, and what they are told."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.catalog.ports import ALIASES_SHOWN, ArtistHit
from domain.catalog.artist_name import search_key
from domain.catalog.match import MatchReason
from domain.shared.ids import UserId
from tests.builders.blocklists import an_entry
from tests.contracts.conftest import Place

pytestmark = pytest.mark.anyio

NOBODY = UserId(uuid4())


async def hits_of(place: Place, text: str, limit: int = 10) -> list[ArtistHit]:
    """What somebody with an empty list is shown."""
    return await place.search.find(search_key(text), limit, listener=NOBODY)


async def found(place: Place, text: str, limit: int = 10) -> list[tuple[str, str]]:
    """The names by which they were found, and why."""
    return [(hit.matched_name, hit.reason.value) for hit in await hits_of(place, text, limit)]


MEANT = [
    ("Metallica", "Metalica", "typo"),
    ("Metallica", "Mettallica", "typo"),
    ("Metallica", "Netallica", "typo"),
    ("Metallica", "eMtallica", "typo"),
    ("Metallica", "Metallcia", "typo"),
    ("Metallica", "Metallicak", "typo"),
    ("Pink Floyd", "pinkfloyd", "exact"),
    ("Pink Floyd", "pinkf loyd", "exact"),
    ("Pink Floyd", "pinf kloyd", "typo"),
    ("Pink Floyd", "pink f", "prefix"),
    ("Pink Floyd", "pinkfl", "prefix"),
    ("Pink Floyd", "floyd pink", "words"),
    ("Pink Floyd", "flo pin", "words"),
    ("Pink Floyd", "floid pinc", "typo"),
    ("The Pink Floyd Show", "show pinkfloyd", "typo"),
    ("Abba", "aba", "typo"),
    ("Abba", "abbba", "typo"),
    ("U2", "u 2", "exact"),
    ("AC/DC", "acdc", "exact"),
    ("AC/DC", "ac dd", "typo"),
    ("R.E.M.", "rem", "exact"),
    ("P!nk", "pnk", "exact"),
    ("!!!", "!!", "prefix"),
    ("Simon & Garfunkel", "simon and garfunkel", "exact"),
    ("Simon and Garfunkel", "simon garfunkel", "exact"),
    ("Simon & Garfunkel", "simon adn garfunkel", "typo"),
    ("The Beatles", "beatles", "exact"),
    ("The Beatles", "beatles, the", "exact"),
    ("Beatles", "the beatles", "exact"),
    ("The Beatles", "teh beatles", "typo"),
    ("The Beatles", "thebeatles", "typo"),
    ("The Beatles", "beetles", "typo"),
    ("The The", "the the", "exact"),
    ("Björk", "BJORK", "exact"),
    ("Motörhead", "motorhaed", "typo"),
    ("Ленинград", "ленинград", "exact"),
    ("Ленинград", "ленинргад", "typo"),
    ("Мумий Тролль", "тролль муми", "words"),
    ("Мумий Тролль", "мумийтроль", "typo"),
    ("Βασίλης Παπακωνσταντίνου", "βασιλης παπα", "prefix"),
    ("Βασίλης Παπακωνσταντίνου", "παπακωνσταντινου βασιλης", "words"),
    ("Βασίλης Παπακωνσταντίνου", "βασιλης παπακωσταντινου", "typo"),
    ("방탄소년단", "방탄", "prefix"),
    ("방탄소년단", "소년단", "words"),
    ("방탄소년단", "방탄소녀단", "typo"),
    ("きゃりーぱみゅぱみゅ", "きゃりー", "prefix"),
    ("きゃりーぱみゅぱみゅ", "ぱみゅ", "words"),
    ("ポルノグラフィティ", "ポルノグラフティ", "typo"),
    ("東京事変", "東京", "prefix"),
    ("東京事変", "事変", "words"),
    ("東京事変", "変", "words"),
    ("東京事変", "東亰事変", "typo"),
]


async def test_what_is_meant_is_found(empty_place: Place) -> None:
    for name in dict.fromkeys(name for name, _, _ in MEANT):
        await empty_place.an_artist(name)
    answers = [
        (name, typed, dict(await found(empty_place, typed)).get(name)) for name, typed, _ in MEANT
    ]
    assert answers == MEANT


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Metallica", "Mtalca"),
        ("U2", "U3"),
        ("Abba", "acca"),
        ("東京事変", "京東"),
        ("東京事変", "東事"),
        ("Pink Floyd", "ink loyd show"),
    ],
)
async def test_not_everything_is_forgiven(place: Place, name: str, typed: str) -> None:
    await place.an_artist(name)
    assert name not in dict(await found(place, typed, 100))


async def test_nearer_names_come_first(empty_place: Place) -> None:
    in_order = [
        ("Lena", "exact"),
        ("The Lena", "exact"),
        ("Lenas", "prefix"),
        ("Lena Band", "prefix"),
        ("Lina", "typo"),
        ("Big Lena", "words"),
    ]
    for name, _ in reversed(in_order):
        await empty_place.an_artist(name)
    assert await found(empty_place, "lena") == in_order


async def test_an_alias_is_named_and_the_others_are_shown(empty_place: Place) -> None:
    others = [f"Other {index:02}" for index in range(12)]
    artist_id = await empty_place.an_artist("Prince", "Симвoл", *others)
    (hit,) = await hits_of(empty_place, "симвoл")
    assert (hit.artist.id, hit.matched_name) == (artist_id, "Симвoл")
    assert hit.reason is MatchReason.EXACT
    assert hit.aliases == others[:ALIASES_SHOWN]
    (hit,) = await hits_of(empty_place, "princ")
    assert (hit.matched_name, hit.reason) == ("Prince", MatchReason.PREFIX)


async def test_hits_tell_what_is_on_the_own_list_and_on_nobody_elses(empty_place: Place) -> None:
    ada, bob = await empty_place.a_person(), await empty_place.a_person()
    artist_id = await empty_place.an_artist("Static Bloom")
    async with empty_place.blocklists() as tx:
        await tx.entries.add(an_entry(ada.id, artist_id))
    for person, listed in ((ada, True), (bob, False)):
        (hit,) = await empty_place.search.find("static bloom", 10, listener=person.id)
        assert hit.on_own_list is listed


async def test_of_equals_who_is_blocked_more_comes_first(empty_place: Place) -> None:
    people = [await empty_place.a_person() for _ in range(3)]
    once, never, twice = [await empty_place.an_artist(f"Static {sign}") for sign in "abc"]
    async with empty_place.blocklists() as tx:
        for person, artist_id in ((0, once), (1, twice), (2, twice)):
            await tx.entries.add(an_entry(people[person].id, artist_id))
    assert await empty_place.block_counts.refresh() == 2
    hits = await hits_of(empty_place, "stat")
    assert [hit.artist.id for hit in hits] == [twice, once, never]
    async with empty_place.blocklists() as tx:
        await tx.entries.remove(people[0].id, once)
    assert await empty_place.block_counts.refresh() == 1
    assert await empty_place.block_counts.refresh() == 0


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=st.text("%_\\()'&|!:*<> ab\u3042\u6771", min_size=1, max_size=40))
async def test_signs_that_mean_something_elsewhere_break_nothing(place: Place, text: str) -> None:
    key = search_key(text)
    if key:
        for hit in await place.search.find(key, 5, listener=NOBODY):
            assert hit.matched_name
