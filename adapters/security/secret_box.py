"""Secrets in the database: AES-256-GCM, under a key of the keyring, tied to their place."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.security.derived_keys import KeyringSource, derive_key, fingerprint
from domain.shared.errors import UnreadableSecretError
from domain.shared.keyring import Keyring

_VERSION = b"\x01"
_KEY_ID_BYTES = 8
_NONCE_BYTES = 12
_TAG_BYTES = 16
_HEADER_BYTES = len(_VERSION) + _KEY_ID_BYTES
_SHORTEST = _HEADER_BYTES + _NONCE_BYTES + _TAG_BYTES


class AesGcmSecretBox:
    """``SecretBox``: version, key id, nonce, then ciphertext and tag.

    Version, key id and place are authenticated too. The key id is derived from the secret, so
    that an operator may give a key another name. Random nonces are good for 2^32 secrets a key.
    """

    def __init__(self, keyring: KeyringSource) -> None:
        self._keyring = keyring
        self._keys: tuple[Keyring, bytes, dict[bytes, AESGCM]] | None = None

    def seal(self, secret: bytes, place: str, /) -> bytes:
        """Under the current key, with a fresh nonce."""
        current, keys = self._derived()
        nonce = secrets.token_bytes(_NONCE_BYTES)
        header = _VERSION + current
        return header + nonce + keys[current].encrypt(nonce, secret, header + place.encode())

    def open(self, sealed: bytes, place: str, /) -> bytes:
        """Under whichever key the header names, retired ones too."""
        _, keys = self._derived()
        header, body = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES:]
        key = keys.get(header[len(_VERSION) :])
        if len(sealed) < _SHORTEST or not header.startswith(_VERSION) or key is None:
            raise _unreadable()
        try:
            return key.decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], header + place.encode())
        except InvalidTag as error:
            raise _unreadable() from error

    def is_current(self, sealed: bytes, /) -> bool:
        """By the header alone."""
        return sealed[:_HEADER_BYTES] == _VERSION + self._derived()[0]

    def _derived(self) -> tuple[bytes, dict[bytes, AESGCM]]:
        keyring = self._keyring()
        if self._keys is None or self._keys[0] is not keyring:
            keys = {
                key_id: AESGCM(derive_key(key.secret, f"secret-box/{key_id.hex()}"))
                for key in keyring.keys
                for key_id in [fingerprint(key.secret)]
            }
            self._keys = (keyring, fingerprint(keyring.current.secret), keys)
        return self._keys[1:]


def _unreadable() -> UnreadableSecretError:
    return UnreadableSecretError("It was altered or moved, or its key is not in the keyring.")
