"""The rules for a password before it is hashed."""

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.password import Password
from domain.shared.errors import InvalidInputError

FORMS: tuple[Literal["NFC", "NFD", "NFKC", "NFKD"], ...] = ("NFC", "NFD", "NFKC", "NFKD")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


@pytest.mark.parametrize("text", ["x" * 12, "x" * 1024, "\U0001f9a2" * 64, " " * 12, "ééé ééé"])
def test_twelve_to_1024_bytes_are_accepted(text: str) -> None:
    assert Password.parse(text).text == text


@pytest.mark.parametrize("text", ["", "x" * 11, "x" * 1025, "\U0001f9a2" * 257])
def test_less_and_more_are_refused_and_the_field_is_named(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        Password.parse(text)
    assert [error.field for error in caught.value.errors] == ["password"]
    assert not text or text not in str(caught.value)


@given(TEXT)
def test_every_keyboard_s_way_to_write_it_gives_the_same_password(text: str) -> None:
    forms = [unicodedata.normalize(form, text) for form in FORMS]
    assert len({Password.attempt(form) for form in forms}) == 1


@given(TEXT)
def test_what_is_accepted_is_compared_as_it_was_accepted(text: str) -> None:
    try:
        accepted = Password.parse(text)
    except InvalidInputError:
        return
    assert accepted == Password.attempt(text)
    assert 12 <= len(accepted.text.encode()) <= 1024


@given(st.text(st.characters(codec="ascii"), min_size=12, max_size=200))
def test_neither_case_nor_white_space_nor_length_is_changed(text: str) -> None:
    assert Password.parse(text).text == text


def test_an_attempt_may_have_any_length() -> None:
    assert Password.attempt("").text == ""
    assert len(Password.attempt("x" * 5_000).text) == 5_000


def test_a_password_is_not_seen_in_its_repr() -> None:
    assert "correct horse" not in repr(Password.parse("correct horse battery"))
