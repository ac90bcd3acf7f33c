"""Who is named on a recording: in its artist field, and in its title."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from domain.enforcement.name_list import KnownNames, leading_role, name_key, names_in
from domain.enforcement.role import Role
from domain.enforcement.title_credits import credits_in_title

# What stands in brackets in an artist field and names somebody: "A (feat. B)".
_ASIDE = re.compile(r"[(\[]\s*((?:feat|ft|featuring|with|w/|vs)\b[^()\[\]]*)[)\]]", re.I)


class Credit(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is named: as written, by the key of the name, and as what.

    ``number`` is the place among the artists of the item (from 0), ``None`` in the title.
    ``whole`` names are all that is written there, not taken out of a longer text.
    """

    name: str
    key: str
    role: Role
    number: int | None
    whole: bool


def parse_credits(
    artists: Sequence[str], title: str, known: KnownNames, *, separate: bool = False
) -> tuple[Credit, ...]:
    """Everybody who is named, once each: see ``credits_of_artists`` and ``with_title``."""
    return with_title(credits_of_artists(artists, known, separate=separate), title, known)


def credits_of_artists(
    artists: Sequence[str], known: KnownNames, *, separate: bool
) -> tuple[Credit, ...]:
    """Who is named in the artist field; ``separate`` artists are whole and not taken apart."""
    found: dict[str, Credit] = {}
    for credit in _in_artists(artists, known, separate=separate):
        found.setdefault(credit.key, credit)
    return tuple(found.values())


def with_title(named: tuple[Credit, ...], title: str, known: KnownNames) -> tuple[Credit, ...]:
    """Those of the artist field and those of the title.

    What the title says that somebody did goes before a bare name in the artist field, except for
    the first of those.
    """
    found = {credit.key: credit for credit in named}
    first = named[0].key if named else None
    for name, key, role in credits_in_title(title, known):
        there = found.get(key)
        if there is None:
            found[key] = Credit(name=name, key=key, role=role, number=None, whole=False)
        elif there.role is Role.MAIN and key != first:
            found[key] = msgspec.structs.replace(there, role=role)
    return tuple(found.values())


def _in_artists(artists: Sequence[str], known: KnownNames, *, separate: bool) -> Iterator[Credit]:
    for number, artist in enumerate(artists):
        key = name_key(artist)
        if separate or key in known:
            yield Credit(name=artist, key=key, role=Role.MAIN, number=number, whole=True)
            continue
        asides = _ASIDE.findall(artist)
        for text in (_ASIDE.sub(" ", artist) if asides else artist, *asides):
            role, names = leading_role(text)
            for name, part_key, as_what in names_in(names, role, known):
                yield Credit(
                    name=name,
                    key=part_key,
                    role=as_what,
                    number=number,
                    whole=name == artist,
                )
