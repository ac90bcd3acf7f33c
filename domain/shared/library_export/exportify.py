"""Exportify's CSV of a Spotify playlist, or of the saved albums.

Columns as in watsonbox/exportify (README, "Export Format", and its ``TracksBaseData``,
``SavedAlbumData``): ``Track URI, Track Name, Artist URI(s), Artist Name(s), Album URI, Album
Name, …``; names are joined by ``", "`` with commas inside a name written ``\\,``. Exportify.net
has no ``Artist URI(s)`` and joins by ``;``, before 2024 by ``,``. Saved albums have ``Album URI,
Album Name, Album Type, Album Artist URI(s), Album Artist Name(s), …``. The order of columns is
free. Where several names are joined without ids to count them by, the text is kept whole.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from domain.shared.external_id import ExternalId, MusicService
from domain.shared.library_export import csv_rows
from domain.shared.library_export.csv_rows import cell
from domain.shared.library_export.item import (
    ItemKind,
    LibraryItem,
    Skipped,
    UnreadableEntryError,
    artist_id,
    written,
)

_BETWEEN = re.compile(r"(?<!\\),\s*")


def read(body: bytes, skip: Callable[[Skipped], None]) -> Iterator[LibraryItem] | None:
    """The rows of the file, or ``None`` where it is something else."""
    file = csv_rows.open_csv(body, _is_exportify)
    if file is None:
        return None
    is_track = "track name" in file.columns
    kind = ItemKind.TRACK if is_track else ItemKind.ALBUM
    title = file.column("track name" if is_track else "album name")
    names = file.column("artist name(s)", "album artist name(s)")
    ids = file.column("artist uri(s)") if is_track else file.column("album artist uri(s)")
    uri = file.column("track uri", "spotify track uri", "track id", "spotify id", "album uri")
    album = file.column("album name")

    @lru_cache(maxsize=65_536)
    def credited(
        names: str, uris: str
    ) -> tuple[tuple[str, ...], tuple[ExternalId | None, ...], bool]:
        return _credited(names, uris)

    def item(cells: list[str], line: int) -> LibraryItem:
        text = written(cell(cells, title))
        if not text:
            raise UnreadableEntryError("the row has no name")
        artists, artist_ids, separate = credited(cell(cells, names), cell(cells, ids))
        return LibraryItem(
            kind=kind,
            title=text,
            artists=artists,
            separate=separate,
            album=written(cell(cells, album)),
            uri=written(cell(cells, uri)),
            artist_ids=artist_ids,
            section="line",
            position=line,
        )

    return csv_rows.items(file, item, skip)


def _is_exportify(columns: dict[str, int]) -> bool:
    return {"track name", "artist name(s)"} <= columns.keys() or {
        "album name",
        "album type",
        "album artist name(s)",
    } <= columns.keys()


def _credited(names: str, uris: str) -> tuple[tuple[str, ...], tuple[ExternalId | None, ...], bool]:
    """The names, their ids, and whether each of the names is one artist's."""
    separators = (";",) if ";" in names else ()
    parts = names.split(";") if separators else _BETWEEN.split(names)
    artists = tuple(text for part in parts if (text := written(part.replace("\\,", ","))))
    links = [link for part in uris.split(",") if (link := part.strip())]
    if len(links) == len(artists):
        ids = tuple(artist_id(MusicService.SPOTIFY, link) for link in links)
        return artists, ids, True
    if separators or "\\," in names or len(artists) < 2:
        return artists, (), True
    # Commas may be inside a name here: nothing tells where one ends.
    return (written(names),), (), False
