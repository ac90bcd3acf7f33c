"""iTunes' and Apple Music's ``Library.xml``: a property list of everything in the library.

Written by *File > Library > Export Library*; Apple's XML property list
(``PropertyList-1.0.dtd``) with ``Tracks``, a dict of dicts: ``Name``, ``Artist``, ``Album
Artist``, ``Album``, ``Rating`` (0 to 100), ``Loved`` or, since Music 1.4, ``Favorited``,
``Disliked``, ``Album Loved``, ``Album Disliked`` (keys as listed by mheap/iTunes-Library-Parser
and the exports quoted on GitHub). Podcasts, films and audiobooks are passed over.

Apple's own document type line is accepted and never resolved; entities are refused as such, so
that none can be expanded or fetched. Only what a track has is kept while reading.
"""

from collections.abc import Callable, Iterator
from xml.parsers import expat

from domain.shared.library_export.errors import UnreadableExportError
from domain.shared.library_export.item import (
    ItemKind,
    LibraryItem,
    Mark,
    Skipped,
    UnreadableEntryError,
    written,
)

_CHUNK = 64 * 1024
_MAX_DEPTH = 32
_NOT_MUSIC = {"Podcast", "Movie", "TV Show", "Audiobooks", "iTunesU"}
_WANTED = _NOT_MUSIC | {
    "Name",
    "Artist",
    "Album Artist",
    "Album",
    "Rating",
    "Rating Computed",
    "Loved",
    "Favorited",
    "Disliked",
    "Album Loved",
    "Album Disliked",
}
_TEXTS = {"string", "integer", "real", "date"}
# plist > dict > dict of tracks > dict of one track > a value
_TRACKS, _TRACK, _VALUE = 3, 4, 5

Fields = dict[str, str]


def read(body: bytes, skip: Callable[[Skipped], None]) -> Iterator[LibraryItem] | None:
    """The tracks of the library, or ``None`` where the file is something else."""
    if body.startswith(b"bplist"):
        raise UnreadableExportError.because(
            "this is a binary property list; choose File > Library > Export Library, which is XML"
        )
    start = body[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith((b"<?xml", b"<!DOCTYPE plist", b"<plist")) or b"plist" not in start:
        return None
    return _items(body, skip)


def _items(body: bytes, skip: Callable[[Skipped], None]) -> Iterator[LibraryItem]:
    tracks = _Tracks()
    albums: set[tuple[str, str, Mark]] = set()
    for start in range(0, len(body), _CHUNK):
        tracks.feed(body[start : start + _CHUNK], last=start + _CHUNK >= len(body))
        for line, fields in tracks.taken():
            try:
                yield from _of_track(fields, line, albums)
            except UnreadableEntryError as error:
                skip(Skipped(section="line", position=line, reason=str(error)))


class _Tracks:
    """The dicts of tracks that a parser has come past; nothing else of the file is kept."""

    def __init__(self) -> None:
        self._depth = 0
        self._key = ""
        self._section = ""
        self._text: list[str] | None = None
        self._track: Fields = {}
        self._line = 0
        self._done: list[tuple[int, Fields]] = []
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = _check_doctype
        parser.EntityDeclHandler = _refuse_entity
        parser.ExternalEntityRefHandler = _refuse_entity
        self._parser = parser

    def feed(self, chunk: bytes, *, last: bool) -> None:
        """Read on; refuses a file that is no well-formed XML."""
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            raise UnreadableExportError.because(
                f"the XML is damaged at line {error.lineno}; export the library again"
            ) from error

    def taken(self) -> list[tuple[int, Fields]]:
        """The tracks since the last time, each with its line."""
        done, self._done = self._done, []
        return done

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._depth = depth = self._depth + 1
        if depth > _MAX_DEPTH:
            raise UnreadableExportError.because("the XML is nested deeper than a library is")
        if depth == 1 and name != "plist":
            raise UnreadableExportError.because("the XML is no property list")
        if depth == _TRACKS and name == "key":
            self._listen()
        elif self._section != "Tracks":
            return
        elif depth == _TRACK and name == "dict":
            self._track = {}
            self._line = self._parser.CurrentLineNumber
        elif depth == _VALUE and (name == "key" or self._key in _WANTED):
            self._listen()

    def _end(self, name: str) -> None:
        depth = self._depth
        self._depth = depth - 1
        if depth == _VALUE and self._section == "Tracks":
            if name == "key":
                self._key = self._heard()
            elif self._key in _WANTED:
                heard = self._heard()
                self._track[self._key] = heard if name in _TEXTS else name
                self._key = ""
        elif depth == _TRACKS and name == "key":
            self._section = self._heard()
        elif depth == _TRACK and name == "dict" and self._section == "Tracks":
            self._done.append((self._line, self._track))
        self._text = None

    def _listen(self) -> None:
        self._text = []
        self._parser.CharacterDataHandler = self._text.append

    def _heard(self) -> str:
        self._parser.CharacterDataHandler = None
        return "".join(self._text or ())


def _check_doctype(name: str, _system: str | None, _public: str | None, subset: int) -> None:
    if name != "plist" or subset:
        raise UnreadableExportError.because("its document type declares more than Apple's does")


def _refuse_entity(*_declaration: object) -> int:
    raise UnreadableExportError.because("it declares or fetches entities, which no library does")


def _of_track(
    fields: Fields, line: int, albums: set[tuple[str, str, Mark]]
) -> Iterator[LibraryItem]:
    """The track; and its album, once, where that is loved or disliked by itself."""
    if any(fields.get(kind) == "true" for kind in _NOT_MUSIC):
        return
    artist = written(fields.get("Artist") or fields.get("Album Artist"))
    album = written(fields.get("Album"))
    title = written(fields.get("Name"))
    if not title:
        raise UnreadableEntryError("the track has no name")
    marks = set()
    if "true" in {fields.get("Loved"), fields.get("Favorited")}:
        marks.add(Mark.LOVED)
    if fields.get("Disliked") == "true":
        marks.add(Mark.DISLIKED)
    yield LibraryItem(
        kind=ItemKind.TRACK,
        title=title,
        artists=(artist,) if artist else (),
        separate=False,
        album=album,
        marks=frozenset(marks),
        stars=_stars(fields),
        section="line",
        position=line,
    )
    owner = written(fields.get("Album Artist")) or artist
    for key, mark in (("Album Loved", Mark.LOVED), ("Album Disliked", Mark.DISLIKED)):
        if fields.get(key) == "true" and album and (owner, album, mark) not in albums:
            albums.add((owner, album, mark))
            yield LibraryItem(
                kind=ItemKind.ALBUM,
                title=album,
                artists=(owner,) if owner else (),
                separate=False,
                album=album,
                marks=frozenset({mark}),
                section="line",
                position=line,
            )


def _stars(fields: Fields) -> int | None:
    """One to five; what iTunes computes from the album's rating is not the person's."""
    rating = fields.get("Rating", "")
    if fields.get("Rating Computed") == "true" or not (rating.isascii() and rating.isdigit()):
        return None
    return min(5, int(rating[:3]) // 20) or None
