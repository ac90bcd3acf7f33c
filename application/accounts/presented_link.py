"""The secret of a link, as somebody presents it."""

import msgspec

from domain.shared.origin import Origin


class PresentedLink(msgspec.Struct, frozen=True, kw_only=True):
    """What stands behind ``#token=`` in a link, and where it is presented from."""

    token: str
    origin: Origin

    def __repr__(self) -> str:
        return "PresentedLink(…)"
