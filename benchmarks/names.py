"""Made-up names of artists: seeded, with the word frequencies and scripts of real ones.

A few words are in a great many names and most are in one or two (Zipf); a name has one word to
six, some begin with "The" or hold an "&", a number, signs or diacritics, one in eight is not in
Latin letters, one artist in nine has aliases, and some thousand names belong to several artists.
"""

# ruff: noqa: SIM905  (letters are easier to read in one line)
import random
from collections.abc import Iterator, Sequence
from itertools import accumulate

import msgspec

SEED = 20_261_121
_LATIN_WORDS, _OTHER_WORDS = 300_000, 30_000
_AT_ONCE = 10_000

_ONSETS = (
    "b br c ch cl cr d dr f fl fr g gl gr h j k kl kr l m n p ph pl pr qu r s sc sh sk sl sm sn sp "
    "st str sw t th tr tw v w wh y z".split()
)
_ONSETS += [""] * 4
_NUCLEI = "a a a e e e i i o o u y ai ea ee ia ie io oa oo ou".split()
_CODAS = (
    "b ck ct d ft g k l ld ll m mp n nd ng nn ns nt p r rd rk rn rs rt s sh ss st t tt x".split()
)
_CODAS += [""] * 16
_ACCENTS = {
    "a": "áàäåã", "e": "éèëê", "i": "íï", "o": "óöøô", "u": "úüû", "n": "ñ", "c": "ç", "s": "š",
}  # fmt: skip
_CYRILLIC = (
    "б в г д ж з к л м н п р с т ф х ц ч ш ст пр кр гр".split(),
    "а а е и о о у ы я ю ё й".split(),
)
_GREEK = (
    "β γ δ ζ θ κ λ μ ν ξ π ρ σ τ φ χ ψ στ πρ".split(),
    "α ά ε έ η ι ο ό υ ω ου αι".split(),
)
_KANA = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
    "ガギグゴザジダデドバビブベボパピプ"
)
_HAN = "".join(chr(0x4E00 + 7 * index) for index in range(1_400))
_HANGUL = "".join(chr(0xAC00 + 13 * index) for index in range(850))
_SIGNS = ("{}!", "{}?", "{}.", "¡{}!", "{}*", "-{}-", "({})", "{}…")


class Name(msgspec.Struct, frozen=True, kw_only=True):
    """What one artist goes by, and how many people keep them off."""

    name: str
    aliases: tuple[str, ...]
    blocked: int


class _Words:
    """Words that are drawn by Zipf's law."""

    def __init__(self, words: Sequence[str], exponent: float) -> None:
        self.words = words
        self._weights = list(accumulate((rank + 2.7) ** -exponent for rank in range(len(words))))

    def draw(self, chance: random.Random, count: int) -> Iterator[str]:
        return iter(chance.choices(self.words, cum_weights=self._weights, k=count))


def names(count: int, seed: int = SEED) -> Iterator[Name]:
    """The first ``count`` of an endless, always equal row of artists."""
    chance = random.Random(seed)
    words = _Words(_latin_words(chance), 0.95)
    others = [
        _Words(_words(chance, _CYRILLIC, title=True), 0.9),
        _Words(_words(chance, _GREEK, title=True), 0.9),
        _Words(_runs(chance, _HANGUL, (2, 3, 3, 4)), 0.7),
        _Words(_runs(chance, _KANA, (3, 4, 4, 5, 6)), 0.7),
        _Words(_runs(chance, _HAN, (2, 2, 3, 3, 4)), 0.7),
    ]
    made = 0
    while made < count:
        latin = words.draw(chance, 8 * _AT_ONCE)
        foreign = [script.draw(chance, 3 * _AT_ONCE) for script in others]
        for _ in range(min(_AT_ONCE, count - made)):
            yield _artist(chance, latin, words.words, foreign)
            made += 1


def _artist(
    chance: random.Random,
    latin: Iterator[str],
    rare: Sequence[str],
    foreign: Sequence[Iterator[str]],
) -> Name:
    script = chance.choices(range(6), (875, 60, 10, 20, 15, 20))[0]
    name = _latin(chance, latin, rare) if script == 0 else _foreign(chance, script, foreign)
    aliases: list[str] = []
    if chance.random() < 0.11:
        aliases = [_latin(chance, latin, rare) for _ in range(chance.choice((1, 1, 1, 2, 3)))]
    blocked = int(chance.paretovariate(0.9)) if chance.random() < 0.02 else 0
    return Name(name=name, aliases=tuple(aliases), blocked=min(blocked, 1_000_000))


def _latin(chance: random.Random, words: Iterator[str], rare: Sequence[str]) -> str:
    shape = chance.random()
    count = chance.choices((1, 2, 3, 4, 5), (26, 50, 16, 6, 2))[0]
    if count == 1 and chance.random() < 0.8:  # who has one word only takes a rare one
        return chance.choice(rare)
    parts = [next(words) for _ in range(count)]
    if count == 1 and len(parts[0]) < 4 and shape < 0.7:
        parts.append(next(words))
    if shape < 0.07:
        parts.insert(0, "The")
    elif shape < 0.10:
        parts[1:1] = [chance.choice(("&", "&", "and")), next(words)]
    elif shape < 0.11:
        parts.insert(0, chance.choice(("DJ", "MC", "Lil", "Big", "Los", "Dr.")))
    elif shape < 0.13:
        parts.append(str(chance.choice((1, 2, 3, 5, 7, 13, 21, 88, 99, 182, 303, 808, 1975, 2000))))
    elif shape < 0.14:
        parts[0] = ".".join(parts[0][:4].upper()) + "."
    elif shape < 0.15 and len(parts) > 1:
        parts[:2] = [chance.choice("/-+'·").join(parts[:2])]
    elif shape < 0.16:
        parts[-1] = chance.choice(_SIGNS).format(parts[-1])
    return " ".join(parts)


def _foreign(chance: random.Random, script: int, words: Sequence[Iterator[str]]) -> str:
    count = chance.choices((1, 2, 3), (30, 55, 15) if script < 3 else (70, 25, 5))[0]
    return (" " if script < 4 else "").join(next(words[script - 1]) for _ in range(count))


def _latin_words(chance: random.Random) -> list[str]:
    words: dict[str, None] = {}
    while len(words) < _LATIN_WORDS:
        syllables = chance.choices((1, 2, 3, 4), (12, 46, 32, 10))[0]
        word = "".join(
            chance.choice(_ONSETS) + chance.choice(_NUCLEI) + chance.choice(_CODAS)
            for _ in range(syllables)
        )
        if not 2 <= len(word) <= 13 or (len(word) < 4 and chance.random() < 0.9):
            continue
        if chance.random() < 0.06:
            word = "".join(chance.choice(_ACCENTS.get(char, char)) for char in word)
        words[word.title() if chance.random() < 0.95 else word.upper()] = None
    return sorted(words, key=lambda word: 0.5 * len(word) + chance.expovariate(0.12))


def _words(
    chance: random.Random, letters: tuple[Sequence[str], Sequence[str]], *, title: bool
) -> list[str]:
    words: dict[str, None] = {}
    while len(words) < _OTHER_WORDS:
        syllables = chance.choices((2, 3, 4), (5, 4, 2))[0]
        word = "".join(
            chance.choice(letters[0]) + chance.choice(letters[1]) for _ in range(syllables)
        )
        words[word.title() if title else word] = None
    return sorted(words, key=lambda word: 0.5 * len(word) + chance.expovariate(0.12))


def _runs(chance: random.Random, signs: str, lengths: Sequence[int]) -> list[str]:
    return list(
        dict.fromkeys(
            "".join(chance.choices(signs, k=chance.choice(lengths))) for _ in range(_OTHER_WORDS)
        )
    )
