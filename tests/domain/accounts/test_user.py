"""A person with an account: what may be changed, and what stays as it is."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.email_address import EmailAddress
from domain.accounts.user import Theme, User, UserSettings, parse_display_name
from domain.shared.errors import InvalidInputError
from domain.shared.ids import UserId

NOW = datetime(2026, 1, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
USER = User.register(
    id=UserId(UUID(int=1)),
    email=EmailAddress.parse("person@example.org"),
    password_hash="stored",
    now=NOW,
)


def test_a_new_account_is_not_verified_and_has_the_default_settings() -> None:
    assert not USER.email_verified
    assert USER.display_name is None
    assert USER.settings == UserSettings(theme=Theme.SYSTEM, language="en")
    assert USER.created_at == USER.updated_at == NOW


@pytest.mark.parametrize(
    "changed",
    [
        USER.renamed("Ada", LATER),
        USER.with_settings(UserSettings(theme=Theme.DARK), LATER),
        USER.rehashed("stronger", LATER),
    ],
)
def test_a_change_keeps_who_it_is_and_says_when_it_was(changed: User) -> None:
    assert (changed.id, changed.email, changed.created_at) == (USER.id, USER.email, NOW)
    assert changed.updated_at == LATER
    assert changed != USER


def test_each_change_changes_one_thing() -> None:
    assert USER.renamed(" Ada ", LATER).display_name == "Ada"
    assert USER.renamed("Ada", LATER).renamed(None, LATER).display_name is None
    assert USER.with_settings(UserSettings(theme=Theme.DARK), LATER).settings.theme is Theme.DARK
    assert USER.rehashed("stronger", LATER).password_hash == "stronger"


@pytest.mark.parametrize("text", [None, "", "   ", "\n\t"])
def test_white_space_alone_is_no_name(text: str | None) -> None:
    assert parse_display_name(text) is None


@pytest.mark.parametrize("text", ["x" * 81, "a\0b", "a\nb", "a\u202eb", "a\u2028b", "a\x7fb"])
def test_names_that_are_long_or_hold_controls_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_display_name(text)
    assert [error.field for error in caught.value.errors] == ["display_name"]


@pytest.mark.parametrize("text", ["x" * 80, "O'Brien <3", "محمد", "👩‍👩‍👧", "Zoë"])
def test_names_in_every_script_are_accepted(text: str) -> None:
    assert parse_display_name(text) == text


@given(st.text())
def test_a_name_that_is_accepted_is_accepted_again_unchanged(text: str) -> None:
    try:
        name = parse_display_name(text)
    except InvalidInputError:
        return
    assert name is None or 0 < len(name) <= 80
    assert parse_display_name(name) == name
