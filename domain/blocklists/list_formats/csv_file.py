"""CSV: comma, semicolon, tab or pipe; columns in any order, under the names that lists use.

Quotes are as in RFC 4180. Cells that a spreadsheet would run as a formula come defused by an
apostrophe, which is taken off again.
"""

import csv
import io
from collections.abc import Iterator
from typing import Protocol

import msgspec

from domain.blocklists.dnp_entry import TAG_SEPARATOR, parse_note, parse_tags
from domain.blocklists.list_formats.file_text import readable, text_of
from domain.blocklists.list_formats.row import (
    MAX_ROWS,
    ListRow,
    Reference,
    Reject,
    Rejection,
    artist_row,
    parse_reference,
    parse_time,
    recognise,
    too_many_rows,
    unreadable,
)
from domain.shared.csv_text import unguarded
from domain.shared.errors import InvalidInputError
from domain.shared.external_id import MusicService

COLUMNS = ("artist", "id", "service", "tags", "note", "added_at", "until")
DELIMITERS = (",", ";", "\t", "|")

_NAMES = {"artist", "artist name", "name"}
_IDS = {"id", "artist id", "uri", "artist uri", "url", "link"}
_IDS_OF_A_SERVICE = {
    f"{label} {suffix}": service
    for service in MusicService
    for label in {service.value, service.value.replace("_music", ""), service.replace("_", " ")}
    for suffix in ("id", "uri", "url", "link")
} | {"mbid": MusicService.MUSICBRAINZ, "isni": MusicService.ISNI}
_MAX_ROW = 64 * 1024
_OTHERS = {"service", "tags", "note", "added at", "until"}


class _Reader(Protocol):
    """What ``csv.reader`` returns."""

    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...


class _Lines:
    """The lines of a file; a row that goes on and on is refused before its cells fill memory."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._read = text.readline
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._read(_MAX_ROW + 1)
        if not line:
            raise StopIteration
        self._size += len(line)
        if self._size > _MAX_ROW:
            raise unreadable(f"a row has more than {_MAX_ROW // 1024} KiB; are all quotes closed?")
        return line

    def row_is_read(self) -> None:
        """What follows is another row."""
        self._size = 0


class _Columns(msgspec.Struct, frozen=True, kw_only=True):
    """Which cell of a row holds what (-1: none); ``ids`` with the service, where one is named."""

    delimiter: str
    name: int
    ids: tuple[tuple[int, MusicService | None], ...]
    service: int
    tags: int
    note: int
    added_at: int
    until: int


def header_of(line: str) -> _Columns | None:
    """What the first line says about the columns; ``None`` where it is no header of a list."""
    best: _Columns | None = None
    for delimiter in DELIMITERS:
        columns = _columns(line, delimiter)
        if columns is not None and (best is None or _known(columns) > _known(best)):
            best = columns
    return best


def is_tabular(lines: list[str]) -> bool:
    """Whether lines without a known header are a table all the same."""
    for delimiter in DELIMITERS:
        # In a name, white space comes after a comma.
        cells = {f"{line} ".replace(", ", "").count(delimiter) for line in lines}
        if len(lines) > 1 and len(cells) == 1 and cells != {0}:
            return True
    for cell in (cell.strip() for d in DELIMITERS for cell in lines[0].split(d)[:10]):
        if cell != lines[0].strip() and _is_id(cell):
            return True
    return False


def read_csv(body: bytes, reject: Reject) -> Iterator[ListRow]:
    """The rows; a row that cannot be read goes to ``reject``."""
    text = text_of(body)
    with readable():
        lines = _Lines(text)
        columns = header_of(next(lines, ""))
        if columns is None:
            raise unreadable(
                "the first line must name a column for the artist (artist or name) or the id "
                "(id or Spotify ID), separated by commas, semicolons, tabs or pipes"
            )
        reader = csv.reader(lines, delimiter=columns.delimiter, strict=True)
        try:
            yield from _read_rows(reader, lines, columns, reject)
        except csv.Error as error:
            raise unreadable(f"after line {reader.line_num + 1} the quotes do not match") from error


def _read_rows(
    reader: _Reader, lines: _Lines, columns: _Columns, reject: Reject
) -> Iterator[ListRow]:
    rows = 0
    line = 2  # the header is line 1
    for cells in reader:
        lines.row_is_read()
        first_line, line = line, reader.line_num + 2
        if not any(cells) or not any(cell.strip() for cell in cells):
            continue
        rows += 1
        if rows > MAX_ROWS:
            raise too_many_rows()
        try:
            row = _read_row(first_line, cells, columns)
        except InvalidInputError as error:
            reject(Rejection.of(first_line, error))
        else:
            yield row


def _columns(line: str, delimiter: str) -> _Columns | None:
    try:
        labels = next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return None
    found: dict[str, int] = {}
    ids: list[tuple[int, MusicService | None]] = []
    for index, raw in enumerate(labels):
        label = " ".join(raw.replace("_", " ").casefold().split())
        if label in _NAMES:
            found.setdefault("name", index)
        elif label in _IDS or label in _IDS_OF_A_SERVICE:
            ids.append((index, _IDS_OF_A_SERVICE.get(label)))
        elif label in _OTHERS:
            found.setdefault(label, index)
    if "name" not in found and not ids:
        return None
    return _Columns(
        delimiter=delimiter,
        name=found.get("name", -1),
        ids=tuple(ids),
        service=found.get("service", -1),
        tags=found.get("tags", -1),
        note=found.get("note", -1),
        added_at=found.get("added at", -1),
        until=found.get("until", -1),
    )


def _known(columns: _Columns) -> int:
    return len(columns.ids) + (columns.name >= 0)


def _read_row(line: int, cells: list[str], columns: _Columns) -> ListRow:
    tags, note, added_at, until = (
        unguarded(cells[index]) if 0 <= index < len(cells) else ""
        for index in (columns.tags, columns.note, columns.added_at, columns.until)
    )
    return artist_row(
        line,
        _references(cells, columns),
        unguarded(cells[columns.name]) if 0 <= columns.name < len(cells) else None,
        tags=parse_tags([tag for tag in tags.split(TAG_SEPARATOR) if tag.strip()])
        if tags
        else frozenset(),
        note=parse_note(note) if note else None,
        added_at=parse_time("added_at", added_at.strip()) if added_at else None,
        until=parse_time("until", until.strip()) if until else None,
    )


def _references(cells: list[str], columns: _Columns) -> list[Reference]:
    index = columns.service
    service = unguarded(cells[index]).strip().casefold() if 0 <= index < len(cells) else ""
    found: list[Reference] = []
    refusal: InvalidInputError | None = None
    for index, named in columns.ids:
        text = unguarded(cells[index]).strip() if index < len(cells) else ""
        if not text:
            continue
        try:
            if named is not None:
                found.append(recognise(text, named))
            else:
                found.append(parse_reference(service, text))
        except InvalidInputError as error:
            refusal = refusal or error
    if refusal is not None and not found:
        raise refusal
    return found


def _is_id(cell: str) -> bool:
    try:
        recognise(cell.strip('"'), MusicService.SPOTIFY)
    except InvalidInputError:
        return False
    return True
