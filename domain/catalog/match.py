"""Why an artist is among the hits of a search."""

from enum import StrEnum


class MatchReason(StrEnum):
    """What a name has to do with what was typed; nearer ones come first."""

    EXACT = "exact"  # but for case, diacritics, signs, spaces, "and" and a leading "The"
    PREFIX = "prefix"
    WORDS = "words"
    TYPO = "typo"
