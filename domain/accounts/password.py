"""The rules for a password before it is hashed (NIST SP 800-63B-4, ASVS 5.0 section 6.2)."""

import unicodedata

import msgspec

from domain.shared.errors import InvalidInputError

MIN_BYTES = 12
MAX_BYTES = 1024


class Password(msgspec.Struct, frozen=True, kw_only=True):
    """A password as typed, NFKC-normalised so that every keyboard produces the same one.

    Neither case nor length is changed: no character is dropped and nothing is truncated.
    """

    text: str

    def __repr__(self) -> str:
        return "Password(…)"

    @classmethod
    def parse(cls, text: str) -> "Password":
        """Accept 12 to 1024 bytes of UTF-8; ``InvalidInputError`` names the field ``password``."""
        normalised = unicodedata.normalize("NFKC", text)
        if not MIN_BYTES <= len(normalised.encode()) <= MAX_BYTES:
            raise InvalidInputError.of(
                "password", f"expected {MIN_BYTES} to {MAX_BYTES} bytes; a sentence is fine"
            )
        return cls(text=normalised)

    @classmethod
    def attempt(cls, text: str) -> "Password":
        """A password to compare, whatever its length: sign-in never explains the rules."""
        return cls(text=unicodedata.normalize("NFKC", text))
