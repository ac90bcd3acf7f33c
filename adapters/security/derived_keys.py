"""The keys of a deployment: from each secret of the keyring, one for each purpose.

spec/decisions/0008-keys.md says why. A label is written once, here or at its one use, and
never changes: what was made under it could not be read any more.
"""

from collections.abc import Callable

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.shared.keyring import Keyring

KeyringSource = Callable[[], Keyring]


class PurposeKeys(msgspec.Struct, frozen=True, kw_only=True):
    """What one purpose has of a keyring: the key to make with, the others to accept."""

    current: bytes
    others: tuple[bytes, ...] = ()

    @property
    def accepted(self) -> tuple[bytes, ...]:
        """All of them, the current one first."""
        return (self.current, *self.others)

    def __repr__(self) -> str:
        return "PurposeKeys(…)"


PurposeKeySource = Callable[[], PurposeKeys]


class DerivedKeys:
    """The keys of the purpose ``label``, derived again when the keyring has changed."""

    def __init__(self, keyring: KeyringSource, label: str) -> None:
        self._keyring = keyring
        self._label = label
        self._derived: tuple[Keyring, PurposeKeys] | None = None

    def __call__(self) -> PurposeKeys:
        """The same object until the keyring changes."""
        keyring = self._keyring()
        if self._derived is None or self._derived[0] is not keyring:
            current, *others = (derive_key(key.secret, self._label) for key in keyring.accepted)
            self._derived = (keyring, PurposeKeys(current=current, others=tuple(others)))
        return self._derived[1]


def current_key(keyring: KeyringSource, label: str) -> bytes:
    """The key of the purpose ``label`` as it is now, for what does not follow a rotation."""
    return derive_key(keyring().current.secret, label)


def every_key(keyring: KeyringSource, label: str) -> PurposeKeys:
    """The keys of the purpose ``label`` as they are now, retired ones too, for old evidence."""
    ring = keyring()
    others = (key.secret for key in ring.keys if key is not ring.current)
    return PurposeKeys(
        current=derive_key(ring.current.secret, label),
        others=tuple(derive_key(secret, label) for secret in others),
    )


def derive_key(secret: bytes, label: str) -> bytes:
    """32 bytes by HKDF-SHA256 (RFC 5869); two labels never give the same key."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"nodrake/{label}".encode()).derive(
        secret
    )


def fingerprint(secret: bytes) -> bytes:
    """Eight bytes by which a secret is known wherever its id might change."""
    return derive_key(secret, "fingerprint")[:8]
