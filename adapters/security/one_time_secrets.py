"""Secrets that work once."""

import hashlib
import secrets

from application.accounts.one_time_secrets import OneTimeSecret

# Crockford's base32: no letter that is taken for a digit.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LETTERS = 24
_GROUP = 4


class RandomOneTimeSecrets:
    """``OneTimeSecrets`` from the system's randomness."""

    def for_link(self) -> OneTimeSecret:
        """43 characters."""
        return self._secret(secrets.token_urlsafe(32))

    def for_typing(self) -> OneTimeSecret:
        """Six groups of four, such as ``7k3m-…``."""
        letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))
        return self._secret("-".join(letters[i : i + _GROUP] for i in range(0, _LETTERS, _GROUP)))

    def digest(self, secret: str, /) -> bytes:
        """SHA-256; a typed code is read without its groups and in small letters."""
        plain = secret.replace("-", "").replace(" ", "").lower()
        typed = len(plain) == _LETTERS and all(char in _ALPHABET for char in plain)
        return hashlib.sha256((plain if typed else secret).encode()).digest()

    def _secret(self, secret: str) -> OneTimeSecret:
        return OneTimeSecret(secret=secret, digest=self.digest(secret))
