"""Dumps of MusicBrainz in both published layouts, of artists that a test or a seed makes up.

The columns are those of metabrainz/musicbrainz-server, ``admin/sql/CreateTables.sql``, in their
order; the JSON has every member that the web service's serializer writes.
"""

import random
import re
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import msgspec

TYPES = {"Person": 1, "Group": 2, "Other": 3, "Character": 4, "Orchestra": 5, "Choir": 6}
_GIDS = {
    "Person": "b6e035f4-3ce9-331c-97df-83397230b0df",
    "Group": "e431f5f6-b5d2-343d-8b36-72607fffb74b",
}
_NO_DATES = ("\\N",) * 6
_STAMP = "2025-05-12 10:00:00.123456+00"
_LINK, _ENDED_LINK = 101, 102
TABLES = (
    "artist", "artist_alias", "artist_isni", "artist_type", "l_artist_url", "link", "url",
)  # fmt: skip


class DumpArtist(msgspec.Struct, frozen=True, kw_only=True):
    """An artist as MusicBrainz may have it; ``ended`` addresses are no longer its own."""

    number: int
    name: str
    gid: str = ""
    sort_name: str = ""
    comment: str = ""
    type: str | None = "Group"
    aliases: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    isnis: tuple[str, ...] = ()

    @property
    def record(self) -> str:
        """The MusicBrainz id."""
        return self.gid or str(UUID(int=0xA47157 << 96 | 4 << 76 | 8 << 60 | self.number))


def json_line(artist: DumpArtist) -> bytes:
    """One line of ``mbdump/artist`` in ``artist.tar.xz``."""
    return (
        msgspec.json.encode(
            {
                "id": artist.record,
                "type": artist.type,
                "type-id": _GIDS.get(artist.type or ""),
                "name": artist.name,
                "sort-name": artist.sort_name or artist.name,
                "disambiguation": artist.comment,
                "gender": None,
                "gender-id": None,
                "country": "XW",
                "area": {"id": str(UUID(int=1)), "name": "[Worldwide]", "type": None},
                "begin-area": None,
                "end-area": None,
                "life-span": {"begin": "1999-12", "end": None, "ended": False},
                "ipis": [],
                "isnis": list(artist.isnis),
                "aliases": [
                    {
                        "name": alias, "sort-name": alias, "locale": None, "primary": None,
                        "type": "Artist name", "type-id": str(UUID(int=2)),
                        "begin": None, "end": None, "ended": False,
                    }
                    for alias in artist.aliases
                ],
                "relations": [
                    {
                        "type": "member of band", "type-id": str(UUID(int=3)),
                        "target-type": "artist", "direction": "backward", "ended": False,
                        "begin": None, "end": None, "attributes": [], "attribute-values": {},
                        "attribute-ids": {}, "source-credit": "", "target-credit": "",
                        "artist": {"id": str(UUID(int=4)), "name": "Somebody"},
                    },
                    *(_relation(url, ended=False) for url in artist.urls),
                    *(_relation(url, ended=True) for url in artist.ended),
                ],
                "genres": [], "tags": [{"name": "rock", "count": 1}],
                "rating": {"value": None, "votes-count": 0}, "annotation": None,
            }
        )
        + b"\n"
    )  # fmt: skip


def _relation(url: str, *, ended: bool) -> dict[str, object]:
    return {
        "type": "free streaming", "type-id": "769085a1-c2f7-4c24-a532-2375a77693bd",
        "target-type": "url", "direction": "forward", "ended": ended, "begin": None,
        "end": None, "attributes": [], "attribute-values": {}, "attribute-ids": {},
        "source-credit": "", "target-credit": "",
        "url": {"id": str(UUID(int=5)), "resource": url},
    }  # fmt: skip


def _line(*cells: object) -> bytes:
    """PostgreSQL's text format of COPY; a cell that is ``\\N`` already stays so."""
    return ("\t".join(_cell(cell) for cell in cells) + "\n").encode()


def _cell(value: object) -> str:
    text = str(value)
    if text == "\\N":
        return text
    escapes = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
    return "".join(escapes.get(char, char) for char in text)


def table_lines(artist: DumpArtist, ids: Iterator[int]) -> Iterator[tuple[str, bytes]]:
    """The lines about an artist, each with the table that it is in."""
    number = artist.number
    yield "artist", _line(
        number, artist.record, artist.name, artist.sort_name or artist.name, "1999", "12", "\\N",
        "\\N", "\\N", "\\N", TYPES[artist.type] if artist.type else "\\N", 240, "\\N",
        artist.comment, 0, _STAMP, "f", "\\N", "\\N",
    )  # fmt: skip
    for alias in artist.aliases:
        yield (
            "artist_alias",
            _line(next(ids), number, alias, "\\N", 0, _STAMP, 1, alias, *_NO_DATES, "f", "f"),
        )
    for isni in artist.isnis:
        yield "artist_isni", _line(number, isni, 0, _STAMP)
    for link, urls in ((_LINK, artist.urls), (_ENDED_LINK, artist.ended)):
        for url in urls:
            page = next(ids)
            yield "url", _line(page, UUID(int=page), url, 0, _STAMP)
            yield "l_artist_url", _line(next(ids), link, number, page, 0, _STAMP, 0, "", "")


def write_tables(folder: Path, artists: Iterable[DumpArtist]) -> Path:
    """A folder with ``mbdump/artist`` and its kin, as ``mbdump.tar.bz2`` unpacks."""
    inner = folder / "mbdump"
    inner.mkdir(parents=True)
    ids = iter(range(1, 1 << 60))
    with ExitStack() as stack:
        files = {name: stack.enter_context((inner / name).open("wb")) for name in TABLES}
        for name, number in TYPES.items():
            files["artist_type"].write(
                _line(number, name, "\\N", 0, "\\N", _GIDS.get(name, UUID(int=number)))
            )
        for link, ended in ((_LINK, "f"), (_ENDED_LINK, "t")):
            files["link"].write(_line(link, 194, *_NO_DATES, 0, _STAMP, ended))
        files["url"].write(_line(next(ids), UUID(int=9), "https://example.org/", 0, _STAMP))
        for artist in artists:
            for name, line in table_lines(artist, ids):
                files[name].write(line)
    return folder


def write_json(path: Path, artists: Iterable[DumpArtist]) -> Path:
    """``mbdump/artist`` of ``artist.tar.xz`` by itself."""
    with path.open("wb") as file:
        file.writelines(json_line(artist) for artist in artists)
    return path


def pack(folder: Path, archive: Path) -> Path:
    """A published archive: what it is about, then its files in the order of the alphabet."""
    for name in ("COPYING", "README", "SCHEMA_SEQUENCE", "TIMESTAMP"):
        (folder / name).write_text("30\n")
    with tarfile.open(archive, f"w:{archive.suffix.removeprefix('.')}") as tar:  # type: ignore[call-overload]
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            tar.add(file, file.relative_to(folder))
    return archive


_SYLLABLES = re.findall(
    "..",
    "babebobadedodafafigagohahijajokakilalelomaminanopaporarirosasesotatetovaviwayazaanelorur",
)
_SCRIPTS = (
    "абвгдежзиклмнопрст",
    "αβγδεζηθικλμνξοπρστ",
    "あいうえおかきくけこさしすせそ",
    "가나다라마바사아자",
)
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def made_up_artists(
    count: int, *, seed: int = 1, called: Iterable[tuple[str, tuple[str, ...]]] | None = None
) -> Iterator[DumpArtist]:
    """So many artists, the same for the same seed, about as rich as MusicBrainz's own.

    Two in five have a page at one or more services. ``called`` gives them other names and aliases
    than are made up here, where one in three has an alias.
    """
    chance = random.Random(seed)
    names = _made_up_names(random.Random(seed)) if called is None else iter(called)
    for number, (name, aliases) in zip(range(1, count + 1), names, strict=False):
        yield DumpArtist(
            number=number,
            gid=str(UUID(int=chance.getrandbits(128), version=4)),
            name=name,
            sort_name=name if name.isascii() else _words(chance),
            comment=_words(chance) if chance.random() < 0.25 else "",
            type=chance.choice([*TYPES, None]),
            aliases=aliases,
            urls=tuple(_addresses(chance)) if chance.random() < 0.4 else (),
        )


def _made_up_names(chance: random.Random) -> Iterator[tuple[str, tuple[str, ...]]]:
    while True:
        name = _foreign(chance) if chance.random() < 0.1 else _words(chance)
        yield name, (_words(chance), _words(chance)) if chance.random() < 0.3 else ()


def _words(chance: random.Random) -> str:
    words = (
        "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))).capitalize()
        for _ in range(chance.choice((1, 2, 2, 2, 3)))
    )
    return " ".join(words)


def _foreign(chance: random.Random) -> str:
    letters = chance.choice(_SCRIPTS)
    return " ".join("".join(chance.choices(letters, k=chance.randint(2, 7))) for _ in range(2))


def _addresses(chance: random.Random) -> Iterator[str]:
    yield "https://open.spotify.com/artist/" + "".join(chance.choices(_LETTERS, k=22))
    yield f"https://www.discogs.com/artist/{chance.getrandbits(24)}"
    if chance.random() < 0.5:
        yield f"https://www.deezer.com/artist/{chance.getrandbits(40)}"
        yield f"https://music.apple.com/us/artist/{chance.getrandbits(40)}"
    if chance.random() < 0.3:
        yield "https://www.youtube.com/channel/UC" + "".join(chance.choices(_LETTERS, k=22))
        yield f"https://tidal.com/artist/{chance.getrandbits(40)}"
