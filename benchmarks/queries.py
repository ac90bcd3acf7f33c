"""What people type who look for a made-up artist: seeded, with one slip of the finger or none.

Every query comes with the name that it was made of. A hit counts when it goes by a name that
reads the same once it is folded: of five artists with one name nobody could say which was meant.
"""

import random
from collections.abc import Callable, Sequence

import msgspec

SEED = 4_712
# A typo in four letters mostly makes somebody else's name: those are a kind of their own.
_SHORT = 4


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What is typed, of which kind it is, and the name that was meant."""

    kind: str
    text: str
    meant: str


TYPOS = ("insert", "delete", "substitute", "transpose", "space")


def queries(names: Sequence[str], each: int, seed: int = SEED) -> list[Query]:
    """``each`` queries of every kind about names drawn from ``names``, all equally likely."""
    chance = random.Random(seed)
    found = []
    for kind, write in _KINDS.items():
        count = 0
        while count < each:
            name = chance.choice(names)
            letters = sum(char.isalnum() for char in name)
            if (kind in TYPOS and letters <= _SHORT) or (kind == "short" and letters != _SHORT):
                continue
            text = write(name, chance)
            if text is not None and text.strip() and text != name:
                found.append(Query(kind=kind, text=text, meant=name))
                count += 1
    chance.shuffle(found)
    return found


def _exact(name: str, chance: random.Random) -> str | None:
    return chance.choice((name.lower(), name.upper(), name + " "))


def _prefix(name: str, chance: random.Random) -> str | None:
    return name[: chance.randint(1, len(name) - 1)] if len(name) > 2 else None


def _words(name: str, chance: random.Random) -> str | None:
    words = name.split()
    if len(words) < 2:
        return None
    chance.shuffle(words)
    return " ".join(words)


def _typo(change: Callable[[str, int, str], str]) -> Callable[[str, random.Random], str | None]:
    def write(name: str, chance: random.Random) -> str | None:
        places = [place for place, char in enumerate(name) if char.isalnum()]
        place = chance.choice(places)
        near = "abcdefghijklmnopqrstuvwxyz" if name[place].isascii() else name
        letter = chance.choice([char for char in near if char != name[place].lower()] or ["x"])
        return change(name, place, letter)

    return write


def _transposed(name: str, chance: random.Random) -> str | None:
    places = [
        place
        for place in range(len(name) - 1)
        if name[place].isalnum()
        and name[place + 1].isalnum()
        and name[place].lower() != name[place + 1].lower()
    ]
    if not places:
        return None
    place = chance.choice(places)
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def _space(name: str, chance: random.Random) -> str | None:
    """A space that is missing, too much or a letter off, or letters swapped across one."""
    inner = [place for place in range(1, len(name) - 1) if name[place] == " "]
    if not inner:
        place = chance.randint(1, len(name) - 1)
        return f"{name[:place]} {name[place:]}"
    place = chance.choice(inner)
    before, after = name[:place], name[place + 1 :]
    return chance.choice(
        (
            before + after,
            f"{before[:-1]} {before[-1]}{after}",
            f"{before}{after[0]} {after[1:]}",
            f"{before[:-1]}{after[0]} {before[-1]}{after[1:]}",
        )
    )


def _short(name: str, chance: random.Random) -> str | None:
    return _KINDS[chance.choice(TYPOS)](name, chance)


_KINDS: dict[str, Callable[[str, random.Random], str | None]] = {
    "exact": _exact,
    "prefix": _prefix,
    "words": _words,
    "insert": _typo(lambda name, place, letter: name[:place] + letter + name[place:]),
    "delete": _typo(lambda name, place, letter: name[:place] + name[place + 1 :]),
    "substitute": _typo(lambda name, place, letter: name[:place] + letter + name[place + 1 :]),
    "transpose": _transposed,
    "space": _space,
    "short": _short,
}
