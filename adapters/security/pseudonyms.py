"""Keyed one-way names for what must not be kept as it is."""

import hmac


class HmacPseudonym:
    """``Pseudonym`` by HMAC-SHA256, cut to 128 bits."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __call__(self, text: str, /) -> str:
        """32 hexadecimal digits."""
        return hmac.digest(self._key, text.encode(), "sha256")[:16].hex()
