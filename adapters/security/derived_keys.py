"""The keys of a deployment, each derived from its one secret under a label of its own."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derive_key(secret: bytes, label: str) -> bytes:
    """32 bytes by HKDF-SHA256 (RFC 5869); two labels never give the same key."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"nodrake/{label}".encode()).derive(
        secret
    )
