"""Lists of artists as CSV files: how people's files are read and how ours are written.

Read: comma, semicolon or tab; columns in any order under the names that lists in the wild
use; quotes as in RFC 4180; UTF-8 with or without a byte order mark. Written: RFC 4180 with
cells that a spreadsheet would run as a formula defused by an apostrophe (OWASP, CSV
injection), which reading takes off again, so that a list survives the journey unchanged.
"""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from domain.blocklists.dnp_entry import TAG_SEPARATOR, Note, Tag, parse_note, parse_tags
from domain.blocklists.errors import ListTooLargeError, UnreadableListError
from domain.shared.csv_text import unguarded
from domain.shared.errors import FieldError, InvalidInputError
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import ArtistId
from domain.shared.text import has_forbidden_characters, normalise

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 100_000
MAX_NAME_LENGTH = 255
MAX_REJECTIONS_TOLD = 1_000

# The value of the service column for an artist that no service has an id for.
OWN_SERVICE = "nodrake"
COLUMNS = ("artist", "id", "service", "tags", "note", "added_at", "until")

_NAMES = {"artist", "artist name", "name"}
_IDS = {"id", "artist id", "uri", "url", "link"}
_IDS_OF_A_SERVICE = {
    f"{label} {suffix}": service
    for service in MusicService
    for label in {service.value, service.value.replace("_music", ""), service.replace("_", " ")}
    for suffix in ("id", "uri", "url", "link")
} | {"mbid": MusicService.MUSICBRAINZ}


class ListRow(msgspec.Struct, frozen=True, kw_only=True):
    """One artist of a file: ``key`` says which, ``name`` is only what the file calls it."""

    line: int
    key: ExternalId | ArtistId
    name: str
    tags: frozenset[Tag]
    note: Note | None
    added_at: datetime | None
    until: datetime | None = None


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    """A line that was not taken over, and why."""

    line: int
    reason: str


class _Reader(Protocol):
    """What ``csv.reader`` returns."""

    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...


class _Columns(msgspec.Struct, frozen=True, kw_only=True):
    """Which cell of a row holds what; ``id_service`` where the header names it."""

    cells: dict[str, int]
    delimiter: str
    id_service: MusicService | None


def read_list(body: bytes, reject: Callable[[Rejection], None]) -> Iterator[ListRow]:
    """The rows of a file, one by one; a row that cannot be read goes to ``reject``.

    Raises ``UnreadableListError`` where the file as a whole is no list, and
    ``ListTooLargeError`` past 10 MiB or 100,000 rows.
    """
    if len(body) > MAX_BYTES:
        raise ListTooLargeError(f"One import takes at most {MAX_BYTES // 1024**2} MiB.")
    text = io.TextIOWrapper(io.BytesIO(body), encoding="utf-8-sig", newline="")
    try:
        columns = _read_header(text)
        reader = csv.reader(text, delimiter=columns.delimiter, strict=True)
        yield from _read_rows(reader, columns, reject)
    except UnicodeDecodeError as error:
        raise _unreadable("the file is not UTF-8; save it as UTF-8 and send it again") from error
    except csv.Error as error:
        raise _unreadable(f"after line {reader.line_num + 1} the quotes do not match") from error


def _read_rows(
    reader: "_Reader", columns: _Columns, reject: Callable[[Rejection], None]
) -> Iterator[ListRow]:
    rows = 0
    line = 2  # the header is line 1
    for cells in reader:
        first_line, line = line, reader.line_num + 2
        if not any(cell.strip() for cell in cells):
            continue
        rows += 1
        if rows > MAX_ROWS:
            raise ListTooLargeError(f"One import takes at most {MAX_ROWS:,} rows.")
        try:
            row = _read_row(first_line, cells, columns)
        except InvalidInputError as error:
            reject(Rejection(line=first_line, reason=error.detail))
        else:
            yield row


def _read_header(text: io.TextIOWrapper) -> _Columns:
    header = text.readline(4096)
    for delimiter in (",", ";", "\t"):
        names = next(csv.reader([header], delimiter=delimiter), [])
        cells: dict[str, int] = {}
        id_service: MusicService | None = None
        for index, raw in enumerate(names):
            name = " ".join(raw.replace("_", " ").casefold().split())
            if name in _NAMES:
                cells.setdefault("name", index)
            elif name in _IDS or name in _IDS_OF_A_SERVICE:
                if "id" not in cells:
                    id_service = _IDS_OF_A_SERVICE.get(name)
                cells.setdefault("id", index)
            elif name in {"service", "tags", "note", "added at", "until"}:
                cells.setdefault(name, index)
        if {"name", "id"} <= cells.keys():
            return _Columns(cells=cells, delimiter=delimiter, id_service=id_service)
    raise _unreadable(
        "the first line must name a column for the artist (artist or name) and one for the id "
        "(id or Spotify ID), separated by commas, semicolons or tabs"
    )


def _read_row(line: int, cells: list[str], columns: _Columns) -> ListRow:
    def cell(column: str) -> str:
        index = columns.cells.get(column, len(cells))
        return unguarded(cells[index]) if index < len(cells) else ""

    name = normalise(cell("name"))
    if not name:
        raise InvalidInputError.of("artist", "the name is missing")
    if len(name) > MAX_NAME_LENGTH or has_forbidden_characters(name):
        raise InvalidInputError.of(
            "artist", f"expected at most {MAX_NAME_LENGTH} characters without controls"
        )
    return ListRow(
        line=line,
        key=_read_key(cell("id"), cell("service").strip().casefold(), columns.id_service),
        name=name,
        tags=parse_tags([tag for tag in cell("tags").split(TAG_SEPARATOR) if tag.strip()]),
        note=parse_note(cell("note")),
        added_at=_read_time("added_at", cell("added at").strip()),
        until=_read_time("until", cell("until").strip()),
    )


def _read_key(text: str, service: str, default: MusicService | None) -> ExternalId | ArtistId:
    if not text.strip():
        raise InvalidInputError.of("id", "the id is missing")
    if service == OWN_SERVICE:
        try:
            return ArtistId(UUID(text.strip()))
        except ValueError as error:
            raise InvalidInputError.of("id", "expected a UUID") from error
    if service:
        if service not in MusicService.__members__.values():
            raise InvalidInputError.of("service", f"expected one of {', '.join(MusicService)}")
        return ExternalId.parse(MusicService(service), text)
    return ExternalId.recognise(text, default=default or MusicService.SPOTIFY)


def _read_time(field: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise InvalidInputError.of(field, "expected a time such as 2026-01-31T12:00:00Z")
    return time


def _unreadable(message: str) -> UnreadableListError:
    return UnreadableListError(
        f"Nothing was imported: {message}.", errors=(FieldError(field="file", message=message),)
    )
