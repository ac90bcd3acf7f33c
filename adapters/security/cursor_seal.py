"""Seals for page cursors: opaque to whoever holds them, and worth nothing elsewhere."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from adapters.security.derived_keys import PurposeKeySource

_SEAL_BYTES = 16


class CursorSeal:
    """An HMAC over a cursor's content and over what it was made for, under the current key.

    Every key that is accepted opens: a cursor is good until the key that made it is retired.
    """

    def __init__(self, keys: PurposeKeySource) -> None:
        self._keys = keys

    def seal(self, content: bytes, purpose: bytes) -> str:
        """``content`` in base64url, tied to ``purpose``."""
        mac = _mac(self._keys().current, content, purpose)
        return urlsafe_b64encode(mac + content).rstrip(b"=").decode()

    def open(self, cursor: str, purpose: bytes) -> bytes | None:
        """The content, or ``None`` for anything that was not sealed for ``purpose``."""
        try:
            sealed = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        except ValueError:
            return None
        mac, content = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
        ours = (_mac(key, content, purpose) for key in self._keys().accepted)
        return content if any(hmac.compare_digest(mac, own) for own in ours) else None


def _mac(key: bytes, content: bytes, purpose: bytes) -> bytes:
    message = len(purpose).to_bytes(8) + purpose + content
    return hmac.digest(key, message, "sha256")[:_SEAL_BYTES]
