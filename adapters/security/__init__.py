"""Cryptography: password hashes, signed tokens, opaque tokens, and the keys for them."""
