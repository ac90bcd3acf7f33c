"""The rows of a file on their way into a temporary table: read and written in a thread."""

import asyncio
from collections.abc import Iterable, Iterator
from uuid import UUID

import msgspec

from adapters.postgres.list_lock import note_key
from adapters.postgres.pool import Connection
from domain.blocklists.dnp_entry import Tag
from domain.blocklists.list_formats.row import ListRow
from domain.catalog.artist_name import search_key
from domain.shared.external_id import ExternalId

# A row for each artist of the file, with its first id; further ids follow with other parts.
_STAGE = """
create temporary table import_rows (
    row integer not null, part integer not null, line integer not null,
    service text, external_id text, own_id uuid, name text, sort_key text,
    tags text[], note text, note_key text, added_at timestamptz, until timestamptz
) on commit drop
"""
_COPY = "copy import_rows from stdin"
_BLOCK = 64 * 1024
_NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_ARRAY_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"'})
_NO_MORE = "\t".join([_NULL] * 7)


class Staged(msgspec.Struct, frozen=True, kw_only=True):
    """What has arrived; the statements that follow leave out what it shows to be needless."""

    rows: int
    has_several_ids: bool
    has_own_ids: bool
    tags: frozenset[str]


async def stage(connection: Connection, rows: Iterable[ListRow]) -> Staged:
    """Send the rows block by block; the event loop is free while one is being made."""
    await connection.execute(_STAGE)
    staging = _Staging()
    blocks = staging.blocks(rows)
    async with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        while block := await asyncio.to_thread(next, blocks, ""):
            await copy.write(block)
    if staging.rows > 1_000:
        await connection.execute("analyze import_rows")
    return Staged(
        rows=staging.rows,
        has_several_ids=staging.has_several_ids,
        has_own_ids=staging.has_own_ids,
        tags=frozenset(staging.tags),
    )


class _Staging:
    """Rows as COPY's text format has them, and what was noticed on the way."""

    def __init__(self) -> None:
        self.rows = 0
        self.has_several_ids = False
        self.has_own_ids = False
        self.tags: set[str] = set()

    def blocks(self, rows: Iterable[ListRow]) -> Iterator[str]:
        """Some rows at a time."""
        lines: list[str] = []
        size = 0
        for row in rows:
            text = self._lines_of(row)
            lines.append(text)
            size += len(text)
            if size > _BLOCK:
                yield "".join(lines)
                lines, size = [], 0
        if lines:
            yield "".join(lines)

    def _lines_of(self, row: ListRow) -> str:
        number, self.rows = self.rows, self.rows + 1
        # Those of services first: a row without one of them says so by its first part.
        references = row.references
        if len(references) > 1:
            self.has_several_ids = True
            references = tuple(sorted(references, key=_is_own))
        first = references[0] if references else None
        name, key = _NULL, _NULL
        if row.name is not None:
            name, key = row.name, search_key(row.name)
            if "\\" in name:  # names have no control characters
                name, key = name.translate(_ESCAPES), key.translate(_ESCAPES)
        tags = "{}"
        if row.tags:
            tags = _array(row.tags)
            self.tags |= row.tags
        note, found_by = _NULL, ""
        if row.note is not None:
            note, found_by = row.note.translate(_ESCAPES), note_key(row.note).translate(_ESCAPES)
        time = _NULL if row.added_at is None else row.added_at.isoformat()
        until = _NULL if row.until is None else row.until.isoformat()
        line = (
            f"{number}\t0\t{row.line}\t{self._reference(first)}\t{name}\t{key}\t"
            f"{tags}\t{note}\t{found_by}\t{time}\t{until}\n"
        )
        for part, reference in enumerate(references[1:], 1):
            line += f"{number}\t{part}\t{row.line}\t{self._reference(reference)}\t{_NO_MORE}\n"
        return line

    def _reference(self, reference: ExternalId | UUID | None) -> str:
        if isinstance(reference, ExternalId):
            return f"{reference.service.value}\t{reference.value}\t{_NULL}"
        if reference is None:
            return f"{_NULL}\t{_NULL}\t{_NULL}"
        self.has_own_ids = True
        return f"{_NULL}\t{_NULL}\t{reference}"


def _is_own(reference: ExternalId | UUID) -> bool:
    return not isinstance(reference, ExternalId)


def _array(tags: frozenset[Tag]) -> str:
    cells = ",".join(f'"{tag.translate(_ARRAY_ESCAPES)}"' for tag in sorted(tags))
    return f"{{{cells}}}".translate(_ESCAPES)
