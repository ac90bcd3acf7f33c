"""Encryption at rest: AES-256-GCM, bound to the place."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.shared.errors import UnreadableSecretError

_NONCE_BYTES = 12


class AesGcmSecretBox:
    """``SecretBox`` under one key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, secret: bytes, place: str, /) -> bytes:
        """A random nonce, then the ciphertext with its tag."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, secret, place.encode())

    def open(self, sealed: bytes, place: str, /) -> bytes:
        """Check the tag over content and place."""
        try:
            return self._aead.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError) as error:
            raise UnreadableSecretError("It has been logged.") from error

    def is_current(self, _: bytes, /) -> bool:
        """There is one key."""
        return True
