"""How API tokens are written and read."""

import hashlib
import zlib
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.api_token_text import ApiTokenText, TokenEnvironment
from domain.accounts.errors import AuthenticationRequiredError
from domain.shared.ids import ApiTokenId

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
TOKEN = ApiTokenText.of(
    TokenEnvironment.LIVE, ApiTokenId(UUID("01a1fc92-f28d-7423-8b08-1933147824f5")), b"\x07" * 32
)


def is_refused(text: str) -> bool:
    """Whether reading it fails as every bad token does."""
    with pytest.raises(AuthenticationRequiredError) as refusal:
        ApiTokenText.parse(text)
    return refusal.value.detail == "The API token is not valid, has expired or was revoked."


@given(st.sampled_from(TokenEnvironment), st.uuids(), st.binary(min_size=32, max_size=32))
def test_what_is_written_is_read_again(
    environment: TokenEnvironment, token_id: UUID, secret: bytes
) -> None:
    token = ApiTokenText.of(environment, ApiTokenId(token_id), secret)
    assert ApiTokenText.parse(token.text) == token
    assert token.text.isascii()
    assert len(token.text) == len(f"ndh_{environment}_") + 22 + 1 + 43 + 1 + 6


def test_the_parts_are_in_their_places() -> None:
    beginning, environment, identifier, secret, checksum = TOKEN.text.split("_")
    assert (beginning, environment) == ("ndh", "live")
    assert TOKEN.prefix == f"ndh_live_{identifier}"
    assert TOKEN.digest == hashlib.sha256(secret.encode()).digest()
    assert TOKEN.last_four == checksum[-4:]


def test_two_secrets_are_never_written_alike() -> None:
    written = {
        ApiTokenText.of(TokenEnvironment.DEV, TOKEN.token_id, bytes([n]) + b"\0" * 31).secret
        for n in range(256)
    }
    assert len(written) == 256


def test_the_checksum_is_the_one_that_scanners_compute() -> None:
    body, _, checksum = TOKEN.text.rpartition("_")
    assert checksum == checksum_of(body)


def test_every_typo_in_one_place_is_seen() -> None:
    text = TOKEN.text
    for place in range(len(text)):
        for char in ALPHABET:
            if char != text[place]:
                assert is_refused(text[:place] + char + text[place + 1 :])


def test_neighbours_that_changed_places_are_seen() -> None:
    text = TOKEN.text
    for place in range(len(text) - 1):
        swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        assert swapped == text or is_refused(swapped)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ndh_",
        TOKEN.text[:-1],
        TOKEN.text[1:],
        TOKEN.text + "\n",
        f" {TOKEN.text}",
        TOKEN.text + TOKEN.text,
        TOKEN.text.replace("_live_", "_test_"),
        TOKEN.text.replace("_live_", "_dev_"),
        TOKEN.text.replace("ndh", "NDH"),
        TOKEN.text.replace("_", "-"),
        TOKEN.text[:-1] + "é",
        TOKEN.text[:-1] + "٣",
        "ndh_live_" + "z" * 10_000,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    assert is_refused(text)


@pytest.mark.parametrize(("part", "digits"), [(2, "z" * 22), (3, "z" * 43)])
def test_digits_for_more_bits_than_there_are_are_refused(part: int, digits: str) -> None:
    # Such a token has a right checksum and would be a second spelling of another.
    parts = TOKEN.text.split("_")[:4]
    parts[part] = digits
    body = "_".join(parts)
    assert is_refused(f"{body}_{checksum_of(body)}")


def checksum_of(body: str) -> str:
    """CRC-32 in six digits of base 62, by another way than the product's."""
    number, digits = zlib.crc32(body.encode()), ""
    for _ in range(6):
        digits = ALPHABET[number % 62] + digits
        number //= 62
    return digits


def test_neither_repr_nor_refusal_shows_the_secret() -> None:
    assert TOKEN.secret not in repr(TOKEN)
    assert TOKEN.secret not in str([TOKEN])
    with pytest.raises(AuthenticationRequiredError) as refusal:
        ApiTokenText.parse(TOKEN.text + "x")
    assert TOKEN.secret not in repr(refusal.value) + refusal.value.detail
