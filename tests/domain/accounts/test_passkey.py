"""Passkeys: names, handles, and how the service calls itself."""

from uuid import uuid4

import pytest

from domain.accounts.passkey import (
    RelyingParty,
    parse_passkey_name,
    read_user_handle,
    user_handle,
)
from domain.shared.errors import InvalidInputError
from domain.shared.ids import UserId


@pytest.mark.parametrize(
    ("public_url", "id", "origin"),
    [
        ("http://localhost:3000", "localhost", "http://localhost:3000"),
        ("https://music.example.org", "music.example.org", "https://music.example.org"),
        ("https://Music.Example.org:443", "music.example.org", "https://music.example.org"),
        ("https://example.org:8443", "example.org", "https://example.org:8443"),
        ("http://example.org:80", "example.org", "http://example.org"),
        ("https://bücher.example", "xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_the_service_is_called_as_browsers_call_it(public_url: str, id: str, origin: str) -> None:
    party = RelyingParty.at(public_url, "Music")
    assert (party.id, party.origin, party.name) == (id, origin, "Music")


def test_a_handle_leads_back_to_its_owner_and_nothing_else_does() -> None:
    user_id = UserId(uuid4())
    assert read_user_handle(user_handle(user_id)) == user_id
    for handle in (None, b"", bytes(15), bytes(17), bytes(64)):
        assert read_user_handle(handle) is None


def test_a_name_has_one_to_eighty_characters() -> None:
    assert parse_passkey_name(" Ada's phone ") == "Ada's phone"
    assert len(parse_passkey_name("x" * 80)) == 80
    for text in ("", " ", "x" * 81, "a\0b", "\u202e"):
        with pytest.raises(InvalidInputError):
            parse_passkey_name(text)
