"""Text that people write: what is refused in any of it, and how it is made uniform."""

import unicodedata

# C0/C1 controls, surrogates, line and paragraph separators; and the bidirectional controls
# that make a text read as something else than what it is (Unicode UAX #9).
_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def has_forbidden_characters(text: str, *, allow: str = "") -> bool:
    """Whether ``text`` holds a control or bidirectional override; ``allow`` exempts some."""
    if text.isprintable():  # none of those categories, nor of bidirectional controls (Cf)
        return False
    return any(
        (char in _BIDI_CONTROLS or unicodedata.category(char) in _FORBIDDEN_CATEGORIES)
        and char not in allow
        for char in text
    )


def normalise(text: str) -> str:
    """``text`` in Unicode's composed form (NFC), without white space at either end."""
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()
