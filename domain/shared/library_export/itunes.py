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
_NOT_MUSIC = {"Podcast", "Movie", "TV Show", "Audiobooks", "iTunesU"}
_WANTED = _NOT_MUSIC | {
    "Track ID",
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
    tracks: list[tuple[int, Fields]] = []
    parser = _parser(tracks)
    albums: set[tuple[str, str, Mark]] = set()
    for start in range(0, len(body), _CHUNK):
        try:
            parser.Parse(body[start : start + _CHUNK], start + _CHUNK >= len(body))
        except expat.ExpatError as error:
            raise UnreadableExportError.because(
                f"the XML is damaged at line {error.lineno}; export the library again"
            ) from error
        for line, fields in tracks:
            try:
                yield from _of_track(fields, line, albums)
            except UnreadableEntryError as error:
                skip(Skipped(section="line", position=line, reason=str(error)))
        tracks.clear()


def _parser(tracks: list[tuple[int, Fields]]) -> expat.XMLParserType:
    """A parser that adds the fields of each track, with its line, as it comes past.

    It has few handlers, and those in closures: of each track there are thirty elements.
    """
    parser = expat.ParserCreate()
    text: list[str] = []
    fields: Fields = {}
    key = ""
    in_tracks = False
    line = 0

    def end(name: str) -> None:
        nonlocal key, in_tracks, line, fields
        if name == "key":
            key = "".join(text).strip()
            if key in {"Tracks", "Playlists"}:
                in_tracks = key == "Tracks"
                fields = {}
            elif not fields:
                line = parser.CurrentLineNumber
        elif name == "dict":
            if in_tracks and fields:
                tracks.append((line, fields))
            fields = {}
        elif in_tracks and key in _WANTED:
            fields[key] = "".join(text).strip() if name in _TEXTS else name
        text.clear()

    def begin(name: str, _attributes: dict[str, str]) -> None:
        if name != "plist":
            raise UnreadableExportError.because("the XML is no property list")
        parser.StartElementHandler = None

    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text.append
    parser.StartDoctypeDeclHandler = _check_doctype
    parser.EntityDeclHandler = _refuse_entity
    parser.ExternalEntityRefHandler = _refuse_entity
    return parser


def _check_doctype(name: str, _system: str | None, _public: str | None, subset: int) -> None:
    if name != "plist" or subset:
        raise UnreadableExportError.because("its document type declares more than Apple's does")


def _refuse_entity(*_declaration: object) -> int:
    raise UnreadableExportError.because("it declares or fetches entities, which no library does")


def _of_track(
    fields: Fields, line: int, albums: set[tuple[str, str, Mark]]
) -> Iterator[LibraryItem]:
    """The track; and its album, once, where that is loved or disliked by itself."""
    if any(fields[kind] == "true" for kind in _NOT_MUSIC & fields.keys()):
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
