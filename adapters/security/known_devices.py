"""Tokens of devices that have signed in before."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from datetime import UTC, datetime, timedelta

from domain.accounts.email_address import EmailAddress

LIFETIME = timedelta(days=365)
_ID_BYTES = 16
_TIME_BYTES = 8
_TOKEN_BYTES = _ID_BYTES + _TIME_BYTES + 32


class HmacKnownDevices:
    """``KnownDevices`` by HMAC-SHA256 over account, random id and time; nothing is kept."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def recognise(self, token: str | None, email: EmailAddress, now: datetime, /) -> str | None:
        """Check the code before anything else that the token says."""
        try:
            raw = urlsafe_b64decode((token or "").encode() + b"==")
        except (Error, ValueError):
            return None
        content, code = raw[: _ID_BYTES + _TIME_BYTES], raw[_ID_BYTES + _TIME_BYTES :]
        if len(raw) != _TOKEN_BYTES or not hmac.compare_digest(code, self._code(content, email)):
            return None
        issued_at = datetime.fromtimestamp(int.from_bytes(content[_ID_BYTES:]), UTC)
        return content[:_ID_BYTES].hex() if now < issued_at + LIFETIME else None

    def issue(self, device: str | None, email: EmailAddress, now: datetime, /) -> str:
        """A year's token; a device keeps its id, and with it its count."""
        device_id = bytes.fromhex(device) if device else secrets.token_bytes(_ID_BYTES)
        content = device_id + int(now.timestamp()).to_bytes(_TIME_BYTES)
        return urlsafe_b64encode(content + self._code(content, email)).rstrip(b"=").decode()

    def _code(self, content: bytes, email: EmailAddress) -> bytes:
        account = hashlib.sha256(email.key.encode()).digest()
        return hmac.digest(self._key, account + content, "sha256")
