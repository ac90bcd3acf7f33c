"""M3U and M3U8 playlists, as players write them.

``#EXTM3U`` first (not everywhere), then a line ``#EXTINF:<seconds>,<artist> - <title>`` before the
line of each file, as Winamp began it and Wikipedia's "M3U" records; ``#EXTALB:`` and ``#EXTART:``
name the album and its artist, ``#EXTENC:`` the encoding. Without ``#EXTINF`` the file's own name
is read where it is ``<artist> - <title>``. M3U8 is UTF-8; an M3U in another encoding has to say
so, since nothing else tells. The artist's part of the text may name several people.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote

from domain.shared.library_export.errors import UnreadableExportError
from domain.shared.library_export.item import (
    ItemKind,
    LibraryItem,
    Skipped,
    UnreadableEntryError,
    written,
)

_AUDIO = re.compile(r"\.(?:mp3|m4a|aac|flac|og[ga]|opus|wav|wma|aiff?|ape|wv|mpc|alac)$", re.I)
# The seconds, attributes as IPTV lists have them, and what is shown.
_INFO = re.compile(r'#EXTINF:\s*+-?+\d*+(?:\.\d++)?+(?:\s++[\w-]++="[^"]*+")*+\s*+,(.*)', re.I)
_ENCODING = re.compile(rb"^#EXTENC:[ \t]*([\w-]{1,32})", re.I | re.M)
_ENCODINGS = {"utf-8", "utf8", "iso-8859-1", "latin-1", "windows-1252", "cp1252", "shift_jis"}
_DASH = re.compile(r"(?<=\S) [-\u2013\u2014] (?=\S)")
_TRACK_NUMBER = re.compile(r"\d{1,3} ?[.)-] |0\d{1,2} ")


def read(body: bytes, skip: Callable[[Skipped], None]) -> Iterator[LibraryItem] | None:
    """The entries of the playlist, or ``None`` where the file is something else."""
    start = body[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    first = start.split(b"\n", 1)[0].strip().decode("latin-1")
    if not first.upper().startswith(("#EXTM3U", "#EXTINF", "#EXTENC")) and not _AUDIO.search(first):
        return None
    named = _ENCODING.search(body[:4096])
    encoding = named[1].decode("ascii").lower() if named else "utf-8"
    if encoding not in _ENCODINGS:
        raise UnreadableExportError.because("its #EXTENC names an encoding that is not known")
    return _items(body, encoding, skip)


def _items(body: bytes, encoding: str, skip: Callable[[Skipped], None]) -> Iterator[LibraryItem]:
    lines = io.TextIOWrapper(
        io.BytesIO(body), encoding="utf-8-sig" if encoding in {"utf-8", "utf8"} else encoding
    )
    try:
        yield from _entries(lines, skip)
    except UnicodeDecodeError as error:
        raise UnreadableExportError.because(
            f"the playlist is not {encoding}; save it as M3U8 and try again"
        ) from error


def _entries(lines: Iterable[str], skip: Callable[[Skipped], None]) -> Iterator[LibraryItem]:
    shown: str | None = None
    info_line = 0
    album = ""
    for number, raw in enumerate(lines, start=1):
        line = raw.strip()
        if line[:1] == "#":
            if info := _INFO.fullmatch(line[:4096]):
                shown, info_line = info[1], number
            elif line[:8].upper() == "#EXTALB:":
                album = line[8:].strip()
            continue
        if not line:
            continue
        try:
            yield _item(line, shown, album, info_line if shown is not None else number)
        except UnreadableEntryError as error:
            skip(Skipped(section="line", position=number, reason=str(error)))
        shown, album = None, ""


def _item(path: str, shown: str | None, album: str, line: int) -> LibraryItem:
    text = written(shown) if shown else written(_file_name(path))
    if not text:
        raise UnreadableEntryError("the entry has no name")
    artist, title = _DASH.split(text, 1) if _DASH.search(text) else ("", text)
    return LibraryItem(
        kind=ItemKind.TRACK,
        title=title,
        artists=(artist,) if artist else (),
        separate=False,
        album=written(album),
        uri=written(path) if path.startswith(("https://", "spotify:")) else "",
        section="line",
        position=line,
    )


def _file_name(path: str) -> str:
    name = re.split(r"[/\\]", path[-1000:])[-1]
    if "://" in path[:16]:
        name = unquote(name)
    stem = " ".join(_AUDIO.sub("", name).split())
    return _TRACK_NUMBER.sub("", stem, count=1) if _TRACK_NUMBER.match(stem) else stem
