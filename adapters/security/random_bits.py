"""The machine's randomness."""

import secrets


def random_256_bits() -> bytes:
    """``NewSecret`` from the system's randomness."""
    return secrets.token_bytes(32)
