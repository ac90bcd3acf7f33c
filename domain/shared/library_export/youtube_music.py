"""YouTube Music's library in Google Takeout: songs of the library, and uploads.

``music library songs.csv`` (in *music (library and uploads)*) has ``Video ID, Song Title, Album
Title, Artist Name 1, Artist Name 2, …``; before 2023 ``music-library-songs.csv`` had ``Song URL,
Song Title, Album Title, Artist Names``. ``music-uploads-metadata.csv`` has ``Song Title, Album
Title, Artist Names`` or ``Artist Name 1, …`` and ``Duration Seconds``. Takeout translates the
first column's name (``ID vidéo``, ``影片 ID``) and no other, as files quoted on GitHub show; so the
id is in the column before ``Song Title``. Playlists (``…-videos.csv``) hold ids alone and name
nobody: they are refused with that reason.
"""

import re
from collections.abc import Callable, Iterator

from domain.shared.library_export import csv_rows
from domain.shared.library_export.csv_rows import cell
from domain.shared.library_export.errors import UnreadableExportError
from domain.shared.library_export.item import (
    ItemKind,
    LibraryItem,
    Mark,
    Skipped,
    UnreadableEntryError,
    written,
)

_VIDEO = re.compile(
    r"(?:https://(?:music|www)\.youtube\.com/watch\?v=)?([0-9A-Za-z_-]{11})(?:&.*)?"
)
_LIKED = frozenset({Mark.LIKED})


def read(body: bytes, skip: Callable[[Skipped], None]) -> Iterator[LibraryItem] | None:
    """The songs of the file, or ``None`` where it is something else."""
    if csv_rows.open_csv(body, _is_playlist):
        raise UnreadableExportError.because(
            "a playlist of Takeout holds ids of videos and names nobody; "
            "use `music library songs.csv` of the same download"
        )
    file = csv_rows.open_csv(body, _is_library)
    if file is None:
        return None
    title = file.columns["song title"]
    album = file.column("album title")
    joined = file.column("artist names")
    numbered = [
        index
        for name, index in sorted(file.columns.items(), key=lambda column: column[1])
        if re.fullmatch(r"artist name(?: \d+)?", name)
    ]
    video = title - 1 if title else None

    def item(cells: list[str], line: int) -> LibraryItem:
        text = written(cell(cells, title))
        if not text:
            raise UnreadableEntryError("the row has no name")
        # Numbered columns hold one artist each, the joined one as many as there are.
        indexes = numbered if joined is None else [joined]
        linked = _VIDEO.fullmatch(cell(cells, video).strip())
        return LibraryItem(
            kind=ItemKind.TRACK,
            title=text,
            artists=tuple(name for index in indexes if (name := written(cell(cells, index)))),
            separate=joined is None,
            album=written(cell(cells, album)),
            uri=f"https://music.youtube.com/watch?v={linked[1]}" if linked else "",
            marks=_LIKED,
            section="line",
            position=line,
        )

    return csv_rows.items(file, item, skip)


def _is_library(columns: dict[str, int]) -> bool:
    return {"song title", "album title"} <= columns.keys() and any(
        name.startswith("artist name") for name in columns
    )


def _is_playlist(columns: dict[str, int]) -> bool:
    return {"video id", "playlist video creation timestamp"} <= columns.keys()
