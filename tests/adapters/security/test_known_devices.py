"""Tokens of devices: whose they are, how long they live, and what nobody can make up."""

from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.security.known_devices import LIFETIME, HmacKnownDevices
from domain.accounts.email_address import EmailAddress
from tests.builders.accounts import NOW

ADA = EmailAddress.parse("ada@example.org")
EVE = EmailAddress.parse("eve@example.org")
DEVICES = HmacKnownDevices(b"k" * 32)


def test_a_device_keeps_its_id_from_token_to_token() -> None:
    first = DEVICES.issue(None, ADA, NOW)
    device = DEVICES.recognise(first, ADA, NOW)
    assert device is not None
    later = NOW + timedelta(days=300)
    second = DEVICES.issue(device, ADA, later)
    assert second != first
    assert DEVICES.recognise(second, ADA, later + timedelta(days=300)) == device
    assert DEVICES.recognise(DEVICES.issue(None, ADA, NOW), ADA, NOW) != device


def test_a_token_belongs_to_one_account_however_its_address_is_written() -> None:
    token = DEVICES.issue(None, ADA, NOW)
    assert DEVICES.recognise(token, EmailAddress.parse("ADA@Example.org"), NOW)
    assert DEVICES.recognise(token, EVE, NOW) is None


def test_a_token_lives_for_a_year() -> None:
    token = DEVICES.issue(None, ADA, NOW)
    assert DEVICES.recognise(token, ADA, NOW + LIFETIME - timedelta(seconds=1))
    assert DEVICES.recognise(token, ADA, NOW + LIFETIME) is None


def test_another_deployment_does_not_recognise_it() -> None:
    token = HmacKnownDevices(b"x" * 32).issue(None, ADA, NOW)
    assert DEVICES.recognise(token, ADA, NOW) is None


@pytest.mark.parametrize("place", range(56))
def test_a_changed_byte_is_seen_wherever_it_is(place: int) -> None:
    token = bytearray(DEVICES.issue(None, ADA, NOW).encode())
    token[place] = ord("A") if token[place] != ord("A") else ord("B")
    assert DEVICES.recognise(token.decode(), ADA, NOW) is None


@given(st.one_of(st.none(), st.text(), st.binary().map(lambda b: urlsafe_b64encode(b).decode())))
def test_nothing_that_somebody_makes_up_is_recognised_or_fails(token: str | None) -> None:
    assert DEVICES.recognise(token, ADA, NOW) is None


def test_the_token_does_not_say_whose_it_is() -> None:
    token = DEVICES.issue(None, ADA, NOW)
    assert len(token) < 100
    assert "ada" not in token.lower()
