"""What is accepted as an e-mail address, and when two are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.email_address import EmailAddress
from domain.shared.errors import InvalidInputError


@pytest.mark.parametrize(
    "text",
    [
        "a@b.c",
        "first.last+tag@sub.example.org",
        "o'brien@example.ie",
        "用户@例子.公司",
        "x" * 64 + "@example.org",
        "a@" + ".".join(["x" * 63] * 3) + ".org",
    ],
)
def test_addresses_in_use_are_accepted_as_written(text: str) -> None:
    assert EmailAddress.parse(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "a",
        "a@",
        "@b.c",
        "a@b",
        "a@b..c",
        "a@.b.c",
        "a@b.c.",
        "a@-b.c",
        "a@b-.c",
        "a@b@c.d",
        ".a@b.c",
        "a.@b.c",
        "a b@c.d",
        "a\tb@c.d",
        "a@b.c\r\nBcc: x@y.z",
        "a\0@b.c",
        "<a@b.c>",
        '"a"@b.c',
        "a,b@c.d",
        "a;b@c.d",
        "a@[127.0.0.1]",
        "a\u202e@b.c",
        "x" * 65 + "@example.org",
        "é" * 33 + "@example.org",
        "a@" + "x" * 64 + ".org",
        "a@" + ".".join(["x" * 63] * 4) + ".org",
    ],
)
def test_what_is_no_address_is_refused_and_the_field_is_named(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        EmailAddress.parse(text)
    assert [error.field for error in caught.value.errors] == ["email"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Person@Example.ORG", "person@example.org"),
        ("  person@example.org\n", "person@example.org"),
        ("caf\u00e9@example.org", "cafe\u0301@example.org"),
        ("ｐerson@example.org", "person@example.org"),
        ("ﬁn@example.org", "fin@example.org"),
        ("STRASSE@example.org", "straße@example.org"),
    ],
)
def test_two_spellings_are_one_address(one: str, other: str) -> None:
    assert EmailAddress.parse(one).key == EmailAddress.parse(other).key


def test_a_dot_or_a_tag_makes_another_address() -> None:
    keys = {EmailAddress.parse(f"{local}@example.org").key for local in ("ab", "a.b", "ab+c")}
    assert len(keys) == 3


@given(st.emails())
def test_what_was_accepted_once_is_accepted_again(text: str) -> None:
    try:
        email = EmailAddress.parse(text)
    except InvalidInputError:
        return
    assert EmailAddress.parse(email.text) == email
    assert EmailAddress.parse(email.text.upper()).key == email.key


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_raises_anything_else(text: str) -> None:
    for candidate in (text, f"{text}@example.org", f"a@{text}.org"):
        try:
            email = EmailAddress.parse(candidate)
        except InvalidInputError:
            continue
        assert len(email.text.encode()) <= 254
        assert email.text.count("@") == 1
