"""Seals for page cursors: opaque to whoever holds them, and worth nothing elsewhere."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

_SEAL_BYTES = 16


class CursorSeal:
    """An HMAC over a cursor's content and over what it was made for."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, content: bytes, purpose: bytes) -> str:
        """``content`` in base64url, tied to ``purpose``."""
        return urlsafe_b64encode(self._mac(content, purpose) + content).rstrip(b"=").decode()

    def open(self, cursor: str, purpose: bytes) -> bytes | None:
        """The content, or ``None`` for anything that was not sealed for ``purpose``."""
        try:
            sealed = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        except ValueError:
            return None
        mac, content = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
        return content if hmac.compare_digest(mac, self._mac(content, purpose)) else None

    def _mac(self, content: bytes, purpose: bytes) -> bytes:
        message = len(purpose).to_bytes(8) + purpose + content
        return hmac.digest(self._key, message, "sha256")[:_SEAL_BYTES]
