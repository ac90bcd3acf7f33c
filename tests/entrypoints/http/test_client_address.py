"""Which address counts as the client's: rows of API-10 that need no server."""

from typing import Any

import pytest

from domain.shared.network import network_of
from entrypoints.http.client_address import ClientAddress

PROXIES = ("10.0.0.0/8", "fd00::/8")


def address(peer: str | None, *fields: tuple[str, str], trusted: tuple[str, ...] = PROXIES) -> Any:
    """What is found out of a connection from ``peer`` with these fields."""
    headers = [(name.encode(), value.encode("latin-1")) for name, value in fields]
    scope: Any = {"client": (peer, 4711) if peer else None, "headers": headers}
    return ClientAddress(trusted)(scope)


@pytest.mark.parametrize(
    ("forwarded", "found"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("203.0.113.1, 192.0.2.7", "192.0.2.7"),
        ("203.0.113.1, 192.0.2.7, 10.1.1.1", "192.0.2.7"),
        ("203.0.113.1, 192.0.2.7, 10.1.1.1, fd00::1", "192.0.2.7"),
        ("10.2.2.2, 10.1.1.1", "10.2.2.2"),
        ("192.0.2.7:4711", "192.0.2.7"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("2001:DB8:0::1%eth0", "2001:db8::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::ffff:10.1.1.1", "10.1.1.1"),
        ("192.0.2.7,,", "192.0.2.7"),
        ("192.0.2.7, unknown", "10.0.0.1"),
        ("192.0.2.7, _hidden, 10.1.1.1", "10.1.1.1"),
        ("", "10.0.0.1"),
        ("'; drop table users", "10.0.0.1"),
        ("127.1", "10.0.0.1"),
        ("\xff\xfe", "10.0.0.1"),
    ],
)
def test_behind_a_proxy_of_ours_it_is_the_right_most_hop_that_is_not(
    forwarded: str, found: str
) -> None:
    assert address("10.0.0.1", ("x-forwarded-for", forwarded)) == found


def test_several_fields_are_one_list() -> None:
    fields = [("x-forwarded-for", "203.0.113.1"), ("x-forwarded-for", "192.0.2.7, 10.1.1.1")]
    assert address("10.0.0.1", *fields) == "192.0.2.7"


@pytest.mark.parametrize(
    "name", ["x-real-ip", "forwarded", "x_forwarded_for", "x-client-ip", "true-client-ip", "via"]
)
def test_no_other_field_is_believed_not_even_from_a_proxy(name: str) -> None:
    assert address("10.0.0.1", (name, "192.0.2.7")) == "10.0.0.1"
    assert address("10.0.0.1", (name, "for=192.0.2.7")) == "10.0.0.1"


@pytest.mark.parametrize("peer", ["192.0.2.1", "2001:db8::1", "9.255.255.255", "11.0.0.0"])
def test_nobody_else_is_believed(peer: str) -> None:
    assert address(peer, ("x-forwarded-for", "203.0.113.1")) == peer
    assert address("10.0.0.1", ("x-forwarded-for", "203.0.113.1"), trusted=()) == "10.0.0.1"


def test_a_proxy_that_connects_by_a_mapped_address_is_the_same_proxy() -> None:
    assert address("::ffff:10.0.0.1", ("x-forwarded-for", "192.0.2.7")) == "192.0.2.7"


def test_a_connection_without_an_address_has_none() -> None:
    assert address(None, ("x-forwarded-for", "192.0.2.7")) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        (None, "testclient", True),
    ],
)
def test_a_household_is_one_ipv4_address_or_a_64(
    one: str | None, other: str | None, same: bool
) -> None:
    assert (network_of(one) == network_of(other)) is same
