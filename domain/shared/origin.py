"""Where a request came from, as far as the service is willing to remember it."""

from ipaddress import IPv6Address, IPv6Network, ip_address, ip_network

import msgspec

from domain.shared.network import parse_address


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """The client's network address, its User-Agent and the request's id."""

    address: str | None
    user_agent: str | None
    request_id: str

    @property
    def network(self) -> str | None:
        """The /24 of an IPv4 or /48 of an IPv6 address; ``None`` where nothing is known."""
        address = parse_address(self.address or "")
        if address is None:
            return None
        return str(ip_network((int(address), 24 if address.version == 4 else 48), strict=False))

    @property
    def place(self) -> str:
        """The network roughly, for people to recognise; empty where nothing is known."""
        try:
            address = ip_address((self.address or "").partition("%")[0])
        except ValueError:
            return ""
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        if address.is_loopback:
            return "the machine that the service runs on"
        if isinstance(address, IPv6Address):
            return f"the network {IPv6Network((int(address), 48), strict=False)}"
        return f"the network {str(address).rpartition('.')[0]}.x"
