"""The key by which names are found and compared: without case, accents and punctuation."""

import unicodedata

_ASCII_SPACES = {code: " " for code in range(128) if not chr(code).isalnum()}


def search_key(name: str) -> str:
    """``name`` without case, diacritics, punctuation or double spaces, for looking it up.

    NFKD, combining marks dropped, casefolded; every character that is neither letter nor digit
    becomes a space. A name of punctuation alone (``!!!``) keeps it, so that it can be found.
    """
    if name.isascii():  # the same, ten times as fast: most names are
        lowered = name.lower()
        return " ".join(lowered.translate(_ASCII_SPACES).split()) or " ".join(lowered.split())
    decomposed = _decompose(_decompose(name).casefold())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    key = " ".join("".join(c if c.isalnum() else " " for c in plain).split())
    return unicodedata.normalize("NFC", key or " ".join(plain.split()))


def _decompose(text: str) -> str:
    return unicodedata.normalize("NFKD", text)
