"""Exports of whole libraries, of which a list takes what is banned, disliked or loved.

Spotify's ``YourLibrary.json`` (``bannedArtists``, ``bannedTracks``), iTunes' ``Library.xml``
(disliked and loved tracks) and Exportify's CSV, which is a playlist: a row for each track of it.
"""

import io
from collections.abc import Callable, Iterator

from domain.blocklists.list_formats.file_text import as_utf_8
from domain.blocklists.list_formats.row import (
    MAX_ROWS,
    Reject,
    Rejection,
    RejectionCode,
    Row,
    TrackRow,
    artist_row,
    too_many_rows,
    unreadable,
)
from domain.shared.errors import InvalidInputError
from domain.shared.library_export import exportify, itunes, your_library
from domain.shared.library_export.errors import UnreadableExportError
from domain.shared.library_export.item import ItemKind, LibraryItem, Mark, Skipped

_TAKEN = frozenset({Mark.BANNED, Mark.DISLIKED, Mark.LOVED})
# The reader of JSON builds something for whatever stands in a list; a library has fewer commas.
_MAX_COMMAS = 800_000
_MAX_LINE = 64 * 1024

_Reader = Callable[[bytes, Callable[[Skipped], None]], Iterator[LibraryItem] | None]


def read_your_library(body: bytes, reject: Reject) -> Iterator[Row]:
    """Banned artists and tracks."""
    if body.count(b",") > _MAX_COMMAS:
        raise too_many_rows()
    return _rows(your_library.read, body, reject, _TAKEN)


def read_itunes(body: bytes, reject: Reject) -> Iterator[Row]:
    """Disliked and loved tracks and albums."""
    return _rows(itunes.read, body, reject, _TAKEN)


def read_exportify(body: bytes, reject: Reject) -> Iterator[Row]:
    """Every track of the playlist."""
    if any(len(line) > _MAX_LINE for line in io.BytesIO(body)):
        raise unreadable(f"a row has more than {_MAX_LINE // 1024} KiB; are all quotes closed?")
    return _rows(exportify.read, body, reject, None)


def _rows(
    read: _Reader, body: bytes, reject: Reject, marks: frozenset[Mark] | None
) -> Iterator[Row]:
    def skip(skipped: Skipped) -> None:
        reason = f"{skipped.section}: {skipped.reason}"
        code = RejectionCode.INVALID_ENTRY
        reject(Rejection(line=skipped.position, code=code, reason=reason))

    rows = 0
    try:
        items = read(as_utf_8(body), skip)
        if items is None:
            raise unreadable("the file has not the shape of this format")
        for item in items:
            if marks is not None and not marks & item.marks:
                continue
            rows += 1
            if rows > MAX_ROWS:
                raise too_many_rows()
            try:
                row = _row(item)
            except InvalidInputError as error:
                reject(Rejection.of(item.position, error))
            else:
                yield row
    except UnreadableExportError as error:
        raise unreadable(error.errors[0].message) from error


def _row(item: LibraryItem) -> Row:
    if item.kind is ItemKind.ARTIST:
        references = [reference for reference in item.artist_ids if reference is not None]
        return artist_row(item.position, references, item.title)
    return TrackRow(
        line=item.position,
        uri=item.uri or None,
        title=item.title,
        artist=item.artists[0] if item.artists else None,
        loved=Mark.LOVED in item.marks,
    )
