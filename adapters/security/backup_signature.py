"""Signatures of backups: whoever may write where they are kept cannot slip in another one."""

import hmac

import msgspec

from adapters.security.derived_keys import PurposeKeys
from domain.shared.backup import Manifest


class BackupSignature:
    """HMAC-SHA256 under a key of the deployment; older keys of the keyring count as well."""

    def __init__(self, keys: PurposeKeys) -> None:
        self._keys = keys

    def sign(self, manifest: Manifest) -> Manifest:
        """The manifest with its signature."""
        made = _code(self._keys.current, manifest)
        return msgspec.structs.replace(manifest, signature=made)

    def has_signed(self, manifest: Manifest) -> bool:
        """Whether it is as it was signed, here or with the same secret elsewhere."""
        return any(
            hmac.compare_digest(_code(key, manifest), manifest.signature)
            for key in self._keys.accepted
        )


def _code(key: bytes, manifest: Manifest) -> str:
    return hmac.digest(key, manifest.signed_text(), "sha256").hex()
