"""MusicBrainz's dump of its tables: which files are read, and which column says what.

Published at https://data.metabrainz.org/pub/musicbrainz/data/fullexport/ as ``mbdump.tar.bz2``
(core data, CC0) with one file a table in ``mbdump/``, in PostgreSQL's text format of COPY: a row
a line, columns apart by tabs, ``\\N`` for null, ``\\t``, ``\\n``, ``\\r`` and ``\\\\`` for what
would otherwise end a cell (https://www.postgresql.org/docs/current/sql-copy.html). Which tables
are in it: https://musicbrainz.org/doc/Replication (as of schema sequence 30, December 2025). The
columns and their order: metabrainz/musicbrainz-server, ``admin/sql/CreateTables.sql``.
"""

import re
from collections.abc import Callable

from domain.catalog.dump_rows import StagedRow, Staging, artist_rows, id_row, kind_of, name_row
from domain.catalog.errors import BrokenDumpError
from domain.catalog.musicbrainz.json_lines import isni_of, service_id
from domain.shared.errors import InvalidInputError
from domain.shared.external_id import ExternalId, MusicService

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MEANT = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
# Millions of addresses are of pages that nobody needs: looked at before they are taken apart.
_MAY_BE_A_SERVICE = re.compile(
    rb"spotify\.com|apple\.com|youtube\.com|tidal\.com|deezer\.com|amazon\.|isni"
)
_TRUE = "t"


def _cells(line: bytes, columns: int) -> list[str | None]:
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise BrokenDumpError("not UTF-8") from error
    cells = text.removesuffix("\n").split("\t")
    if len(cells) != columns:
        raise BrokenDumpError(f"expected {columns} columns, found {len(cells)}")
    if "\\" not in text:
        return list(cells)
    return [None if cell == "\\N" else _ESCAPED.sub(_unescaped, cell) for cell in cells]


def _unescaped(found: re.Match[str]) -> str:
    return _MEANT.get(found[1], found[1])


def _number(cell: str | None, column: str) -> int:
    try:
        return int(cell or "")
    except ValueError as error:
        raise BrokenDumpError(f"{column}: expected a number") from error


def _text(cell: str | None, column: str) -> str:
    if cell is None:
        raise BrokenDumpError(f"{column}: expected a text")
    return cell


def _artist(line: bytes) -> list[StagedRow]:
    # id gid name sort_name begin_date_year begin_date_month begin_date_day end_date_year
    # end_date_month end_date_day type area gender comment edits_pending last_updated ended
    # begin_area end_area
    cells = _cells(line, 19)
    try:
        record = ExternalId.parse(MusicService.MUSICBRAINZ, _text(cells[1], "gid")).value
    except InvalidInputError as error:
        raise BrokenDumpError("gid: expected a UUID") from error
    return artist_rows(
        _number(cells[0], "id"),
        record,
        (_text(cells[2], "name"), _text(cells[3], "sort_name")),
        disambiguation=cells[13],
        type_id=None if cells[10] is None else _number(cells[10], "type"),
    )


def _alias(line: bytes) -> list[StagedRow]:
    # id artist name locale edits_pending last_updated type sort_name begin_date_year
    # begin_date_month begin_date_day end_date_year end_date_month end_date_day
    # primary_for_locale ended
    cells = _cells(line, 16)
    row = name_row(_number(cells[1], "artist"), _text(cells[2], "name"))
    return [] if row is None else [row]


def _type(line: bytes) -> list[StagedRow]:
    # id name parent child_order description gid
    cells = _cells(line, 6)
    kind = kind_of(_text(cells[1], "name"))
    return [(Staging.TYPES, (_number(cells[0], "id"), kind))]


def _isni(line: bytes) -> list[StagedRow]:
    # artist isni edits_pending created
    cells = _cells(line, 4)
    known = isni_of(_text(cells[1], "isni"))
    return [] if known is None else [id_row(_number(cells[0], "artist"), known)]


def _url(line: bytes) -> list[StagedRow]:
    # id gid url edits_pending last_updated
    if not _MAY_BE_A_SERVICE.search(line):
        return []
    cells = _cells(line, 5)
    known = service_id(_text(cells[2], "url"))
    if known is None:
        return []
    return [(Staging.URLS, (_number(cells[0], "id"), known.service.value, known.value))]


def _artist_url(line: bytes) -> list[StagedRow]:
    # id link entity0 entity1 edits_pending last_updated link_order entity0_credit entity1_credit
    cells = _cells(line, 9)
    return [
        (
            Staging.LINKS,
            (
                _number(cells[1], "link"),
                _number(cells[2], "entity0"),
                _number(cells[3], "entity1"),
            ),
        )
    ]


def _link(line: bytes) -> list[StagedRow]:
    # id link_type begin_date_year begin_date_month begin_date_day end_date_year end_date_month
    # end_date_day attribute_count created ended
    cells = _cells(line, 11)
    return [(Staging.ENDED_LINKS, (_number(cells[0], "id"),))] if cells[10] == _TRUE else []


TABLES: dict[str, Callable[[bytes], list[StagedRow]]] = {
    "artist": _artist,
    "artist_alias": _alias,
    "artist_isni": _isni,
    "artist_type": _type,
    "l_artist_url": _artist_url,
    "link": _link,
    "url": _url,
}


def read_line(table: str, line: bytes) -> list[StagedRow]:
    """The rows that a line of ``table`` stands for; ``BrokenDumpError`` says what is wrong."""
    return TABLES[table](line)
