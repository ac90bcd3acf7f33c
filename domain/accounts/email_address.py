"""E-mail addresses: what is accepted as one, and when two are the same."""

import unicodedata

import msgspec

from domain.shared.errors import InvalidInputError
from domain.shared.text import has_forbidden_characters

MAX_LENGTH = 254  # RFC 5321 section 4.5.3.1.3, less the angle brackets


class EmailAddress(msgspec.Struct, frozen=True, kw_only=True):
    """An address as its owner writes it, with the ``key`` by which two are compared.

    The key is the NFKC-folded, case-folded address: stricter than RFC 5321, which lets the
    local part be case-sensitive, because no provider in use does and a look-alike account
    would be worse.
    """

    text: str
    key: str

    @classmethod
    def parse(cls, text: str) -> "EmailAddress":
        """Read ``local@domain``; ``InvalidInputError`` names the field ``email``."""
        text = unicodedata.normalize("NFC", text.strip())
        local, at, domain = text.rpartition("@")
        labels = domain.split(".")
        well_formed = (
            at
            and 0 < len(local.encode()) <= 64
            and "@" not in local
            and len(text.encode()) <= MAX_LENGTH
            and len(labels) > 1
            and all(0 < len(label) <= 63 and label.strip("-") == label for label in labels)
            and not any(char.isspace() or char in '<>()[]\\,;:"' for char in text)
            and not has_forbidden_characters(text)
            and not local.startswith(".")
            and not local.endswith(".")
        )
        if not well_formed:
            raise InvalidInputError.of("email", "expected an address such as name@example.org")
        return cls(text=text, key=folded(text))


def folded(text: str) -> str:
    """The form in which addresses, and beginnings of them, are compared."""
    return unicodedata.normalize("NFKC", text).casefold()
