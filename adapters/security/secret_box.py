"""Secrets at rest: AES-256-GCM under a key of the deployment (NIST SP 800-38D)."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.shared.errors import UnreadableSecretError

_NONCE_BYTES = 12


class AesGcmSecretBox:
    """``SecretBox``: a random nonce, then the ciphertext, with the place as associated data."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, secret: bytes, place: str, /) -> bytes:
        """Nonce and ciphertext."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, place.encode())

    def open(self, sealed: bytes, place: str, /) -> bytes:
        """The secret, if its tag fits key and place."""
        try:
            return self._cipher.decrypt(
                sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode()
            )
        except (InvalidTag, ValueError) as error:
            raise UnreadableSecretError("The deployment's secret may have changed.") from error
