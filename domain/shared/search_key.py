"""The key by which names are found and compared: without case, accents and punctuation."""

import re
import unicodedata

MAX_KEY_LENGTH = 255

_ASCII_SIGNS = re.compile(r"[^a-z0-9]+")


def search_key(name: str) -> str:
    """``text_key`` of a name, of at most 255 characters: what folding makes longer is cut.

    Cut early, since one character may decompose into eighteen (U+FDFA), and files hold thousands
    of such names; four marks to a letter still leave 255 letters.
    """
    return _key(name, 4 * MAX_KEY_LENGTH)[:MAX_KEY_LENGTH].rstrip()


def text_key(name: str) -> str:
    """``name`` without case, diacritics, punctuation or double spaces, for looking it up.

    NFKD, combining marks dropped, casefolded; every character that is neither letter nor digit
    becomes a space. A name of punctuation alone (``!!!``) keeps it, so that it can be found.
    """
    return _key(name, None)


def _key(name: str, most: int | None) -> str:
    if name.isascii():  # most names are, and millions are read at once
        plain = name.lower()
        key = _ASCII_SIGNS.sub(" ", plain).strip()
    else:
        decomposed = _decompose(_decompose(name)[:most].casefold())
        plain = "".join(char for char in decomposed if not unicodedata.combining(char))
        key = " ".join("".join(c if c.isalnum() else " " for c in plain).split())
    return unicodedata.normalize("NFC", key or " ".join(plain.split()))


def _decompose(text: str) -> str:
    return unicodedata.normalize("NFKD", text)
