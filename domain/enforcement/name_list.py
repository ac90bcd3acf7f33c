"""A text that names one or several people, taken apart: whole names first, then separators."""

import re
from collections.abc import Iterable, Iterator, Set

import msgspec

from domain.enforcement.compound_names import COMPOUND_NAMES
from domain.enforcement.role import Role
from domain.shared.search_key import search_key

_MAX_PARTS_OF_A_NAME = 8
_MAX_NAMES = 50
_WORDS = r"feat\.?|ft\.?|featuring|with|w/|vs\.?|versus|pres\.?|presents|and|meets|[&+x×/]"
_SEPARATOR = re.compile(
    # A comma inside a number is none (10,000 Maniacs), nor is the X of "Lil Nas X & …".
    rf" ?,(?: (?:and|&) | |(?!\d))| ?[;、，] ?| (?P<word>{_WORDS})(?! (?:{_WORDS}) ) ",
    re.IGNORECASE,
)
_MAY_SEPARATE = re.compile(
    r"[,;、，&+×/]|\b(?:x|feat|ft|featuring|with|w|vs|versus|pres|presents|and|meets)\b", re.I
)
_LEADING = re.compile(r"\s*(feat\.?|ft\.?|featuring|with|w/|vs\.?|versus)\s", re.I)
_ROLES = {
    "feat": Role.FEATURED,
    "ft": Role.FEATURED,
    "featuring": Role.FEATURED,
    "with": Role.WITH,
    "w/": Role.WITH,
    "pres": Role.PRESENTED,
    "presents": Role.PRESENTED,
}
_AND = {"&", "+", "and"}
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "inc", "esq"}
_BANDS = re.compile(r"(?:the|his|her|their) .|(?:sons|friends|co|company)\Z")
_EDGES = " \t\"'“”„.:-–—"


def name_key(name: str) -> str:
    """What makes two spellings one name: no case, accents or punctuation; ``&`` is ``and``."""
    if "&" in name or "+" in name:
        name = name.replace("&", " and ").replace("+", " and ")
    return search_key(name)


class KnownNames(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of names that are never taken apart; ``longest`` is in parts between separators."""

    listed: Set[str]
    longest: int

    @classmethod
    def of(cls, keys: Set[str], names: Iterable[str]) -> "KnownNames":
        """The names on a list, by their ``keys`` and, to count their parts, as written."""
        longest = _LONGEST_COMPOUND
        for name in names:
            if _MAY_SEPARATE.search(name):
                longest = max(longest, len(_parts(name)))
        return cls(listed=keys, longest=min(longest, _MAX_PARTS_OF_A_NAME))

    def __contains__(self, key: str) -> bool:
        return key in self.listed or key in _COMPOUND


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the text between separators, and the separator before it."""

    start: int
    end: int
    key: str
    before: str
    before_key: str


def leading_role(text: str) -> tuple[Role, str]:
    """The role that a text begins with (``feat. A``), and the names after it."""
    if found := _LEADING.match(text):
        return _ROLES.get(found[1].lower().rstrip("."), Role.MAIN), text[found.end() :]
    return Role.MAIN, text


Named = tuple[str, str, Role]
"""A name as written, its key, and what it is named as."""


def names_in(text: str, role: Role, known: KnownNames) -> Iterator[Named]:
    """Each name of ``text``, the first as ``role``; fifty of them at most."""
    text = " ".join(text.split())
    key = name_key(text)
    if key in known or not _MAY_SEPARATE.search(text):
        if key:
            yield _trimmed(text), key, role
        return
    parts = _parts(text)
    at = 0
    while at < len(parts):
        role = _ROLES.get(parts[at].before, role)
        length = _length(parts, at, known)
        key = _key(parts[at : at + length])
        if key in known or any(map(str.isalnum, key)):  # signs are a name where they are known
            yield _trimmed(text[parts[at].start : parts[at + length - 1].end]), key, role
        at += length


def _parts(text: str) -> list[_Part]:
    parts: list[_Part] = []
    start, before = 0, ""

    def add(end: int) -> None:
        key = name_key(before)
        parts.append(
            _Part(
                start=start,
                end=end,
                key=name_key(text[start:end]),
                before=before,
                before_key=f" {key} " if key.isalnum() else " ",
            )
        )

    for found in _SEPARATOR.finditer(text):
        add(found.start())
        if len(parts) == _MAX_NAMES:
            return parts
        before = (found["word"] or found[0].strip().split()[0]).lower().rstrip(".")
        start = found.end()
    add(len(text))
    return parts


def _key(parts: list[_Part]) -> str:
    return parts[0].key + "".join(part.before_key + part.key for part in parts[1:])


def _known_length(parts: list[_Part], at: int, known: KnownNames) -> int:
    """How many parts from here are one known name, at most; 0 where none are."""
    for length in range(min(known.longest, len(parts) - at), 0, -1):
        if _key(parts[at : at + length]) in known:
            return length
    return 0


def _length(parts: list[_Part], at: int, known: KnownNames) -> int:
    """How many parts from here are one name: a known one, or one by what it looks like."""
    length = _known_length(parts, at, known)
    if length > 1 or at + 1 == len(parts):
        return max(1, length)
    following = parts[at + 1]
    key = following.key
    if following.before == "," and key in _SUFFIXES:
        return 2
    if key in known or key.removeprefix("the ") in known:
        return 1
    if following.before == ",":
        return 2 if key.startswith("the ") else 1  # somebody, The Something
    return 2 if length == 0 and following.before in _AND and _BANDS.match(key) else 1


def _trimmed(text: str) -> str:
    """Without what stands around a name; a name of signs alone (``!!!``) keeps them."""
    return text.strip(_EDGES + "()[]{}") or text.strip()


_COMPOUND = frozenset(name_key(name) for name in COMPOUND_NAMES)
_LONGEST_COMPOUND = max(len(_parts(name)) for name in COMPOUND_NAMES)
