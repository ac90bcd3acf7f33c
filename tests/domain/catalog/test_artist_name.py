"""Keys by which names are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalog.artist_name import search_key
from domain.shared.search_key import text_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Señor Ocaso", "senor ocaso"),
        ("  THE   The ", "the the"),
        ("AC/DC", "ac dc"),
        ("Motörhead", "motorhead"),
        ("!!!", "!!!"),
        ("Обратный Свет", "обратныи свет"),
        ("ＡＢＣ", "abc"),
        ("straße", "strasse"),
        ("   ", ""),
    ],
)
def test_case_diacritics_and_punctuation_do_not_matter(name: str, key: str) -> None:
    assert search_key(name) == key


@given(st.text())
def test_a_key_is_its_own_key(name: str) -> None:
    assert search_key(search_key(name)) == search_key(name)


@pytest.mark.parametrize("letter", ["\ufdfa", "\ufb03", "한", "ế"])
def test_what_folding_makes_longer_is_cut_before_the_work_is_done(letter: str) -> None:
    key = search_key(letter * 255)
    assert (len(key), text_key(letter * 255).startswith(key)) == (255, True)
    assert search_key(letter * 300) == key
