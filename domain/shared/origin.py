"""Where a request came from, as far as the service is willing to remember it."""

import msgspec


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """The client's network address, its User-Agent and the request's id."""

    address: str | None
    user_agent: str | None
    request_id: str
