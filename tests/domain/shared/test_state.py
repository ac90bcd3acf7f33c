"""What the audit log shows of a state."""

from domain.accounts.user import UserSettings
from domain.shared.ids import ArtistId, UserId
from domain.shared.state import difference, masked_email, masked_text, masked_words
from tests.builders.accounts import NOW, a_user
from tests.builders.audit import new_id
from tests.builders.blocklists import an_entry


def test_only_fields_that_differ_are_kept() -> None:
    before, after = difference({"a": 1, "b": "x"}, {"a": 1, "b": "y", "c": True})
    assert (before, after) == ({"b": "x"}, {"b": "y", "c": True})
    assert difference(None, {"a": 1}) == (None, {"a": 1})
    assert difference({"a": 1}, None) == ({"a": 1}, None)
    assert difference({"a": 1}, {"a": 1}) == ({}, {})


def test_masked_values_are_compared_as_they_are_and_shown_as_they_may_be() -> None:
    before, after = difference({"note": masked_text("ab")}, {"note": masked_text("cd")})
    assert (before, after) == ({"note": "2 characters"}, {"note": "2 characters"})
    same = {"tags": masked_words(["x", "y"])}
    assert difference(same, {"tags": masked_words(["y", "x"])}) == ({}, {})
    assert masked_text(None) is None


def test_an_address_shows_its_first_letter_and_its_domain() -> None:
    assert masked_email("ada@example.org").shown == "a…@example.org"


def test_nothing_that_somebody_wrote_and_no_secret_is_shown() -> None:
    user = a_user(email="ada@example.org").renamed("Countess", NOW)
    _, shown = difference(None, user.with_settings(UserSettings(language="fr"), NOW).state)
    entry = an_entry(UserId(new_id()), ArtistId(new_id()), tags=["secret"], note="private words")
    _, listed = difference(None, entry.state)
    text = f"{shown} {listed} {user.state} {entry.state}"
    for secret in ("ada@", "Countess", "secret", "private", str(user.password_hash)):
        assert secret not in text
    assert shown is not None
    assert shown["language"] == "fr"
    assert shown["display_name"] == "8 characters"
