"""Opaque refresh tokens, each of which determines the next."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

from adapters.security.derived_keys import PurposeKeySource
from application.accounts.ports import RefreshToken


class HmacRefreshTokens:
    """``RefreshTokens``: 256 random bits, then HMAC-SHA256 of one gives the next.

    So a client that lost an answer can be given the same successor again, although nothing
    readable is stored. A token outlives its key, which only says what follows it: a client that
    lost an answer from before a rotation is given the successor under the key of that time.
    """

    def __init__(self, keys: PurposeKeySource) -> None:
        self._keys = keys

    def first(self) -> RefreshToken:
        """From the system's randomness."""
        return self._token(secrets.token_bytes(32))

    def successors(self, secret: str, /) -> tuple[RefreshToken, ...]:
        """One for each key that is accepted, the current one's first."""
        return tuple(
            self._token(hmac.digest(key, secret.encode(), "sha256"))
            for key in self._keys().accepted
        )

    def digest(self, secret: str, /) -> bytes:
        """SHA-256; the secret has 256 bits, so nothing slower is needed."""
        return hashlib.sha256(secret.encode()).digest()

    def _token(self, value: bytes) -> RefreshToken:
        secret = urlsafe_b64encode(value).rstrip(b"=").decode()
        return RefreshToken(secret=secret, digest=self.digest(secret))
