"""The cases: those that were written by hand, and those that are made from patterns."""

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec

from domain.enforcement.role import Role

_WRITTEN = Path(__file__).with_name("written.txt")
_ROLES = {
    "m": Role.MAIN,
    "p": Role.PRESENTED,
    "f": Role.FEATURED,
    "w": Role.WITH,
    "r": Role.REMIXER,
    "P": Role.PRODUCER,
}
# {0} is the artist field's first name, the others are guests: what each pattern says of them.
_PATTERNS = (
    ("{0}", "{t}", ""),
    ("{0}", "{t} (Live at {t})", ""),
    ("{0}", "{t} - 2009 Remaster", ""),
    ("{0}", "{t} (Extended Mix)", ""),
    ("{0} & {1}", "{t}", "m"),
    ("{0}, {1} & {2}", "{t}", "mm"),
    ("{0}, {1}, {2}", "{t} (Radio Edit)", "mm"),
    ("{0} x {1}", "{t}", "m"),
    ("{0} and {1}", "{t}", "m"),
    ("{0} vs. {1}", "{t}", "m"),
    ("{0} feat. {1}", "{t}", "f"),
    ("{0} ft. {1} & {2}", "{t}", "ff"),
    ("{0} featuring {1}, {2}", "{t}", "ff"),
    ("{0} (feat. {1})", "{t}", "f"),
    ("{0} with {1}", "{t}", "w"),
    ("{0} pres. {1}", "{t}", "p"),
    ("{0}", "{t} (feat. {1})", "f"),
    ("{0}", "{t} [ft. {1} & {2}]", "ff"),
    ("{0}", "{t} feat. {1}, {2}", "ff"),
    ("{0}", "{t} (with {1})", "w"),
    ("{0}", "{t} (with {1} & {2})", "ww"),
    ("{0}", "{t} ({1} Remix)", "r"),
    ("{0}", "{t} - {1} Edit", "r"),
    ("{0}", "{t} [{1} & {2} Remix]", "rr"),
    ("{0}", "{t} ({1} Extended Mix)", "r"),
    ("{0}", "{t} (remixed by {1})", "r"),
    ("{0}", "{t} (prod. by {1})", "P"),
    ("{0}", "{t} (feat. {1}) - {2} Remix", "fr"),
    ("{0} feat. {1}", "{t} ({2} Remix)", "fr"),
    ("{0} & {1}", "{t} (feat. {2})", "mf"),
)
_NAMES = (
    *("Drake", "Zaz", "Neural Groove Machine", "Smokey September", "Señor Ocaso", "Lil Nas X"),
    *("The Weeknd", "Björk", "A$AP Rocky", "21 Savage", "Młynarz", "Обратный Свет", "宇多田ヒカル"),
    *("Tyler, The Creator", "Simon & Garfunkel", "Earth, Wind & Fire", "Chloe x Halle"),
    *("Florence + The Machine", "Above & Beyond", "10,000 Maniacs", "Hank Williams, Jr."),
    *("Ada Lovelace & The Engines", "Sons of Kemet", "Now, Now", "DJ Koze", "Four Tet", "MK"),
    *(
        "P!nk",
        "deadmau5",
        "will.i.am",
        "Sigur Rós",
        "M83",
        "Club Yoko",
        "Radio Moscow",
        "Edit Select",
    ),
)
_TITLES = (
    *("Slow Tide", "Fog", "Dancing with Myself", "Girls & Boys", "Re-Make", "99", "Für immer"),
    *("What's Up?", "A Day in the Life", "Remix to Ignition", "Stay (I Missed You)", "光"),
)


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A recording, the names that are on a list, and who is named on it."""

    artist: str
    title: str
    listed: tuple[str, ...]
    credits: frozenset[tuple[str, Role]]


def written_cases() -> Iterator[Case]:
    """Those of the file."""
    for line in _WRITTEN.read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("# ") or line == "#":
            continue
        artist, title, listed, named = (cell.strip() for cell in line.split("|"))
        yield Case(
            artist=artist,
            title=title,
            listed=tuple(name.strip() for name in listed.split(";") if name.strip()),
            credits=frozenset(
                (credit.strip()[2:], _ROLES[credit.strip()[0]]) for credit in named.split("; ")
            ),
        )


def generated_cases(count: int = 600, seed: int = 4) -> Iterator[Case]:
    """Patterns with names and titles drawn at random; half of the names are on the list."""
    draw = random.Random(seed)
    for number in range(count):
        artist, title, roles = _PATTERNS[number % len(_PATTERNS)]
        names = draw.sample(_NAMES, 3)
        text = title.format(*names, t=draw.choice(_TITLES))
        named = [(names[0], Role.MAIN)]
        named += [(name, _ROLES[role]) for name, role in zip(names[1:], roles, strict=False)]
        yield Case(
            artist=artist.format(*names),
            title=text,
            listed=tuple(name for name in _NAMES if draw.random() < 0.5),
            credits=frozenset(named),
        )
