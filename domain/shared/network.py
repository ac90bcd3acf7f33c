"""Network addresses: which of them belong to one household."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

IPV6_PREFIX = 64  # what one connection to the internet gets at the least (RFC 6177)


@lru_cache(maxsize=4096)
def network_of(address: str | None) -> str:
    """The IPv4 address, or the /64 of an IPv6 address; ``"unknown"`` for anything else.

    IPv4 addresses that are written as IPv6 (RFC 4291 section 2.5.5.2) count as what they are.
    """
    parsed = parse_address(address or "")
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((int(parsed), IPV6_PREFIX), strict=False))
    return str(parsed) if parsed else "unknown"


@lru_cache(maxsize=4096)
def parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """An address without its zone, with mapped IPv4 unwrapped; ``None`` if it is none."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
