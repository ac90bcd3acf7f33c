"""Which export a file is, and what is in it."""

from collections.abc import Callable, Iterator
from enum import StrEnum

import msgspec

from domain.shared.library_export import (
    exportify,
    itunes,
    m3u,
    streaming_history,
    your_library,
    youtube_music,
)
from domain.shared.library_export.errors import ExportTooLargeError, UnreadableExportError
from domain.shared.library_export.item import LibraryItem, Skipped

MAX_ITEMS = 500_000


class ExportFormat(StrEnum):
    """A published format of library exports."""

    SPOTIFY_LIBRARY = "spotify_library"
    SPOTIFY_HISTORY = "spotify_history"
    EXPORTIFY = "exportify"
    ITUNES = "itunes"
    YOUTUBE_MUSIC = "youtube_music"
    M3U = "m3u"


_READERS = {
    ExportFormat.SPOTIFY_LIBRARY: your_library.read,
    ExportFormat.SPOTIFY_HISTORY: streaming_history.read,
    ExportFormat.ITUNES: itunes.read,
    ExportFormat.EXPORTIFY: exportify.read,
    ExportFormat.YOUTUBE_MUSIC: youtube_music.read,
    ExportFormat.M3U: m3u.read,
}
TITLES = {
    ExportFormat.SPOTIFY_LIBRARY: "Spotify YourLibrary.json",
    ExportFormat.SPOTIFY_HISTORY: "Spotify streaming history",
    ExportFormat.EXPORTIFY: "Exportify CSV",
    ExportFormat.ITUNES: "iTunes Library.xml",
    ExportFormat.YOUTUBE_MUSIC: "YouTube Music Takeout CSV",
    ExportFormat.M3U: "M3U playlist",
}


class LibraryExport(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was recognised; ``items`` reads on as it is gone through, once."""

    format: ExportFormat
    items: Iterator[LibraryItem]


def recognise(
    body: bytes, skip: Callable[[Skipped], None], *, max_items: int = MAX_ITEMS
) -> LibraryExport | None:
    """The export that ``body`` is, told by its content, or ``None`` where it is none of them.

    An entry that cannot be read goes to ``skip``. Raises ``UnreadableExportError`` where the file
    is one of these and damaged, here or while its items are gone through, and
    ``ExportTooLargeError`` past ``max_items``.
    """
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableExportError.because("the file is UTF-16; save it as UTF-8 and try again")
    for known, read in _READERS.items():
        if (items := read(body, skip)) is not None:
            return LibraryExport(format=known, items=_bounded(items, max_items))
    return None


def read_export(
    body: bytes, skip: Callable[[Skipped], None], *, max_items: int = MAX_ITEMS
) -> LibraryExport:
    """As ``recognise``, but a file that is none of the formats is refused by their names."""
    if (export := recognise(body, skip, max_items=max_items)) is None:
        raise UnreadableExportError.because(
            f"the file is none of {', '.join(TITLES.values())}; "
            "zip files have to be unpacked, and CSV files need their first line"
        )
    return export


def _bounded(items: Iterator[LibraryItem], max_items: int) -> Iterator[LibraryItem]:
    for number, item in enumerate(items, start=1):
        if number > max_items:
            raise ExportTooLargeError(f"One file may hold at most {max_items:,} entries.")
        yield item
