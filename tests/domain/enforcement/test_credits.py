"""Who is named on a recording, and as what."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.credits.cases import generated_cases, written_cases
from benchmarks.credits.measures import measure
from domain.enforcement.credits import parse_credits
from domain.enforcement.listed_artist import DoNotPlayList, ListedArtist
from domain.enforcement.name_list import KnownNames, name_key
from domain.enforcement.role import Role

TEXTS = st.text(alphabet="ab XY&,+/×()[]-–.'feat with remix prod by and x0é", max_size=60)


def knowing(*names: str) -> KnownNames:
    """The names of a list."""
    listed = (ListedArtist(id=name, names=(name,), external_ids=()) for name in names)
    return DoNotPlayList.of(listed).known


def named(artist: str, title: str = "", *known: str, separate: bool = False) -> dict[str, Role]:
    """Each name with its role."""
    credits_ = parse_credits([artist], title, knowing(*known), separate=separate)
    return {credit.name: credit.role for credit in credits_}


def test_credits_of_the_labelled_set_are_right() -> None:
    written, generated = measure(written_cases()), measure(generated_cases())
    assert written.cases + generated.cases > 700
    for found in (written, generated):
        for part in (found.names, found.roles, found.listed):
            assert part.precision >= 0.98, found.misses
            assert part.recall >= 0.98, found.misses


def test_a_known_name_is_not_taken_apart_and_the_longest_one_counts() -> None:
    known = ("Salt & Sand", "Sand", "Salt & Sand & Sea")
    assert named("Salt & Sand & Sea & Drake", "", *known) == {
        "Salt & Sand & Sea": Role.MAIN,
        "Drake": Role.MAIN,
    }
    assert named("Salt & Sand & Drake", "", *known) == {
        "Salt & Sand": Role.MAIN,
        "Drake": Role.MAIN,
    }
    assert named("Salt & Sand") == {"Salt": Role.MAIN, "Sand": Role.MAIN}


def test_what_the_service_wrote_separately_is_whole() -> None:
    assert named("Drake & Future", "", "Future", separate=True) == {"Drake & Future": Role.MAIN}


def test_the_title_says_what_a_second_artist_did_but_not_the_first() -> None:
    found = parse_credits(("Zaz", "Drake"), "A (feat. Drake & Zaz)", knowing(), separate=True)
    assert [(credit.name, credit.role) for credit in found] == [
        ("Zaz", Role.MAIN),
        ("Drake", Role.FEATURED),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Florence + The Machine", "florence and the machine"),
        ("Beyoncé", "BEYONCE"),
        ("!!!", "!!!"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@given(TEXTS, TEXTS)
def test_names_come_from_what_is_written_and_once_each(artist: str, title: str) -> None:
    written = " ".join(f"{artist} {title}".split())
    found = parse_credits([artist], title, knowing())
    assert len({credit.key for credit in found}) == len(found)
    for credit in found:
        if credit.number is not None and not re.search(r"[()\[\]]", written):
            assert credit.name in " ".join(artist.split())


@given(TEXTS.filter(lambda text: bool(name_key(text))), TEXTS)
def test_a_listed_name_is_found_where_it_stands_alone(name: str, title: str) -> None:
    found = parse_credits([name], title, knowing(name))
    assert name_key(name) in {credit.key for credit in found}


@given(TEXTS.filter(lambda text: bool(name_key(text))))
def test_what_is_known_never_makes_a_name_disappear(name: str) -> None:
    once = {credit.key for credit in parse_credits([name], "", knowing())}
    again = {credit.key for credit in parse_credits([name], "", knowing(*once))}
    assert again == once


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1000,
        "([{" * 333,
        " - " * 333,
        "mix " * 250,
        "feat. " * 160,
        "(feat (feat " * 80,
        "a,b & " * 160,
        " " * 1000,
        "x " * 500 + "Remix",
        "mix " + "1" * 900 + "x",
        "prod" + " " * 900,
    ],
)
def test_long_and_hostile_texts_name_a_bounded_number(text: str) -> None:
    assert len(parse_credits([text], text, knowing("a", "b & a"))) <= 150
