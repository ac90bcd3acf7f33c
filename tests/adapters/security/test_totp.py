"""Time-based one-time passwords, by the published vectors."""

import base64
from datetime import UTC, datetime

import pytest

from adapters.security.totp import PyotpTotpCodes

SECRET = base64.b32encode(b"12345678901234567890").decode()
HOTP = (
    "755224", "287082", "359152", "969429", "338314",
    "254676", "287922", "162583", "399871", "520489",
)  # fmt: skip
# RFC 6238 appendix B, SHA-1: the last six of its eight digits.
TOTP = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}


def at(seconds: float) -> datetime:
    """So long after the beginning of time."""
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize("step", range(10))
def test_codes_are_those_of_rfc_4226(step: int) -> None:
    assert PyotpTotpCodes().step(SECRET, HOTP[step], at(step * 30)) == step


@pytest.mark.parametrize("seconds", TOTP)
def test_codes_are_those_of_rfc_6238(seconds: int) -> None:
    assert PyotpTotpCodes().step(SECRET, TOTP[seconds], at(seconds)) == seconds // 30


def test_a_code_counts_in_its_own_half_minute_and_the_next() -> None:
    codes = PyotpTotpCodes()
    assert codes.step(SECRET, HOTP[5], at(4 * 30 + 29.9)) is None
    assert codes.step(SECRET, HOTP[5], at(5 * 30)) == 5
    assert codes.step(SECRET, HOTP[5], at(6 * 30 + 29.9)) == 5
    assert codes.step(SECRET, HOTP[5], at(7 * 30)) is None


@pytest.mark.parametrize("code", ["", "25467", "2546760", "abcdef", "２５４６７６", "-54676"])
def test_nothing_else_is_a_code(code: str) -> None:
    assert PyotpTotpCodes().step(SECRET, code, at(5 * 30)) is None


def test_digits_may_be_grouped_as_authenticators_show_them() -> None:
    assert PyotpTotpCodes().step(SECRET, "254 676", at(5 * 30)) == 5


def test_a_secret_has_160_bits_and_is_another_each_time() -> None:
    codes = PyotpTotpCodes()
    made = {codes.new_secret() for _ in range(50)}
    assert len(made) == 50
    assert {len(base64.b32decode(secret)) for secret in made} == {20}


def test_the_address_names_the_account_and_is_drawn_as_svg() -> None:
    codes = PyotpTotpCodes()
    uri = codes.uri(SECRET, "ada@example.org")
    assert uri.startswith("otpauth://totp/")
    assert "ada%40example.org" in uri
    assert codes.picture(uri).startswith("<svg")
