"""Opaque refresh tokens, each of which determines the next."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

from application.accounts.ports import RefreshToken


class HmacRefreshTokens:
    """``RefreshTokens``: 256 random bits, then HMAC-SHA256 of one gives the next.

    So a client that lost an answer can be given the same successor again, although nothing
    readable is stored.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def first(self) -> RefreshToken:
        """From the system's randomness."""
        return self._token(secrets.token_bytes(32))

    def successor(self, secret: str, /) -> RefreshToken:
        """The same for the same secret, as long as the key is the same."""
        return self._token(hmac.digest(self._key, secret.encode(), "sha256"))

    def digest(self, secret: str, /) -> bytes:
        """SHA-256; the secret has 256 bits, so nothing slower is needed."""
        return hashlib.sha256(secret.encode()).digest()

    def _token(self, value: bytes) -> RefreshToken:
        secret = urlsafe_b64encode(value).rstrip(b"=").decode()
        return RefreshToken(secret=secret, digest=self.digest(secret))
