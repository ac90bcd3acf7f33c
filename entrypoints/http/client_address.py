"""Which address a request comes from, with and without proxies before us."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_network

from litestar.types import ASGIApp, Receive, Scope, Send

from domain.shared.network import parse_address


class ClientAddress:
    """The right-most address of ``X-Forwarded-For`` that is not one of our proxies'.

    The field is read where the connection itself comes from a trusted network; no other field is
    ever believed, since nothing says who has written it.
    """

    def __init__(self, trusted: Iterable[str]) -> None:
        self._trusted = tuple(ip_network(network) for network in trusted)

    def __call__(self, scope: Scope) -> str | None:
        """The address, or ``None`` where the connection has none."""
        client = scope.get("client")
        peer = parse_address(client[0]) if client else None
        if peer is None:
            return client[0] if client else None
        if self._trusted and self._is_ours(peer):
            for hop in reversed(_hops(scope)):
                address = parse_address(_without_port(hop))
                if address is None:
                    break  # whatever stands left of it, nobody whom we trust has written it
                peer = address
                if not self._is_ours(address):
                    break
        return str(peer)

    def _is_ours(self, address: IPv4Address | IPv6Address) -> bool:
        return any(
            address.version == network.version and address in network for network in self._trusted
        )


def client_address(address_of: ClientAddress) -> Callable[[ASGIApp], ASGIApp]:
    """A middleware that finds the address out once for each request."""

    def create(app: ASGIApp) -> ASGIApp:
        async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
            scope["state"]["client_address"] = address_of(scope)
            await app(scope, receive, send)

        return middleware

    return create


def _hops(scope: Scope) -> list[str]:
    fields = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return [hop.strip() for hop in b",".join(fields).decode("latin-1").split(",") if hop.strip()]


def _without_port(hop: str) -> str:
    if hop.startswith("["):  # [2001:db8::1]:4711
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop
