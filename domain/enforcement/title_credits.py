"""Who is named in a title: ``feat. A``, ``(with A)``, ``(A Remix)``, ``- A Edit``, ``prod. A``."""

import itertools
import re
from collections.abc import Iterator

from domain.enforcement.name_list import KnownNames, Named, leading_role, name_key, names_in
from domain.enforcement.role import Role

# Whatever has none of these names nobody; most titles end here.
_HINT = re.compile(r"[(\[{]|\s[-–—~|]\s|\b(?:feat|ft|featuring|prod|produced|remixed)\b", re.I)
_BRACKET = re.compile(r"([(\[{)\]}])")
_OPENING, _CLOSING = set("([{"), set(")]}")
_DASH = re.compile(r"\s[-–—~|]\s")
_FEAT = r"feat\.?|ft\.?|featuring"
_BY = r"prod\.?(?:uced)?(?: by)?|(?:re)?mix(?:ed)? by|remix(?:ed)? by|(?:re-?)?edit(?:ed)? by"
_MARK = re.compile(rf"(?:(?<= )|^)({_FEAT}|{_BY}) ", re.I)
_CHANGED = re.compile(
    r"(?:(?<= )|^)(?:remix(?:es)?|rmx|mix|edit|re-?edit|rework|bootleg|flip|refix|remake|mashup"
    r"|dub|vip)(?= |$)",
    re.I,
)
_VERSION = re.compile(r"v?\d{1,4}|vip|edit|mix|remix|dub|version|extended|radio|remaster(?:ed)?")
# What a mix is called when nobody is meant.
_PLAIN = frozenset(
    word
    for line in (
        "a acoustic album alternate alternative ambient and anniversary ballad bass beach",
        "best bonus breakbeat chill chillout classic clean club cut dance deep demo dirty",
        "disco dnb downtempo drum dub dubstep early edit electro explicit extended festival",
        "fi film final full funk garage hardcore hardstyle hip hop house in instrumental jazz",
        "jungle karaoke late latin live lo lofi long lounge main master megamix mix mixed",
        "mono monster morning movie my new nightcore no official old on one orchestral",
        "original our part party piano pop private progressive quick radio rave reggae",
        "rehearsal remaster remastered remix reverb rework rock s short single slow slowed",
        "soundtrack special sped spring steel stereo stripped studio summer surround",
        "symphonic synthwave tech techno the this trance trap tribal tropical tv u uk",
        "ultimate unplugged unreleased up uptempo us version video vip vocal winter workout",
        "year your",
    )
    for word in line.split()
)
_MAX_WORDS = 24
_MAX_CHANGES = 4
_MAX_ASIDES = 16
_POSSESSIVE = re.compile(r"['’]s?$", re.I)


def may_credit(title: str) -> bool:
    """Whether the title may name somebody: quick, and never wrong where it says no."""
    return _HINT.search(title) is not None


def credits_in_title(title: str, known: KnownNames) -> Iterator[Named]:
    """Each name and what it is named as; names that ``known`` has are kept whole."""
    if not may_credit(title):
        return
    for text, is_aside in _stretches(" ".join(title.split())):
        yield from _in_stretch(text, known, is_aside=is_aside)


def _stretches(title: str) -> Iterator[tuple[str, bool]]:
    """The title itself and, as asides, what is in brackets and what follows dashes."""
    open_texts: list[list[str]] = [[]]
    asides = []
    for part in _BRACKET.split(title):
        if part in _OPENING:
            open_texts.append([])
        elif part in _CLOSING and len(open_texts) > 1:
            asides.append("".join(open_texts.pop()))
            open_texts[-1].append(" ")
        else:
            open_texts[-1].append(part)
    while len(open_texts) > 1:  # a bracket that is never closed
        asides.append("".join(open_texts.pop()))
    first, *others = _DASH.split("".join(open_texts[0]))
    yield first, False
    named = (aside for text in (*others, *asides) if (aside := text.strip()))
    for aside in itertools.islice(named, _MAX_ASIDES):
        yield aside, True


def _in_stretch(text: str, known: KnownNames, *, is_aside: bool) -> Iterator[Named]:
    before, *marked = _MARK.split(text)
    if is_aside:
        role, names = leading_role(before)
        remixers = list(_remixers(names, known))
        if remixers or names == before:
            yield from remixers
        else:
            yield from names_in(names, role, known)
    for mark, names in zip(marked[::2], marked[1::2], strict=True):
        lowered = mark.lower()
        if lowered.startswith("f"):
            role = Role.FEATURED
        else:
            role = Role.PRODUCER if lowered.startswith("prod") else Role.REMIXER
        yield from names_in(names, role, known)


def _remixers(text: str, known: KnownNames) -> Iterator[Named]:
    """Who made this version: ``A & B Extended Remix`` is A's and B's, a ``Radio Edit`` nobody's."""
    for changed in itertools.islice(_CHANGED.finditer(text), _MAX_CHANGES):
        after = name_key(text[changed.end() :]).split()
        if all(_VERSION.fullmatch(word) for word in after):
            break
    else:
        return
    words = text[: changed.start()].split()
    if len(words) > _MAX_WORDS:
        return
    while words and name_key(" ".join(words)) not in known and _is_plain(words[-1]):
        words.pop()
    whole = " ".join(words)
    key = name_key(whole)
    if all(_is_plain(word) for word in words):
        # A "Club Mix" is nobody's even where a Club is on the list; a remix may be theirs.
        if key in known and changed[0].lower() == "remix":
            yield whole, key, Role.REMIXER
    elif key in known:
        yield whole, key, Role.REMIXER
    else:
        yield from names_in(_POSSESSIVE.sub("", whole), Role.REMIXER, known)


def _is_plain(word: str) -> bool:
    key = name_key(word)
    return not key or key.isdigit() or all(part in _PLAIN for part in key.split())
