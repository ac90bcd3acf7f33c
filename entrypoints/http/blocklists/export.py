"""Lists on their way out: streams of CSV or JSON, written row by row."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec

from application.blocklists.ports import BlockedArtist
from domain.blocklists.dnp_entry import TAG_SEPARATOR
from domain.blocklists.list_file import COLUMNS, OWN_SERVICE
from domain.shared.csv_text import write_row
from domain.shared.external_id import MusicService
from entrypoints.http.blocklists.schemas import EntrySource, ExportedEntry

_CHUNK_CHARACTERS = 16 * 1024


async def as_csv(entries: AsyncGenerator[BlockedArtist, None]) -> AsyncGenerator[bytes, None]:
    """RFC 4180 with a header; ``importBlockedArtists`` takes it back as it is."""
    buffer = [write_row(list(COLUMNS))]
    size = 0
    async with aclosing(entries):
        async for entry in entries:
            row = write_row(_cells(entry))
            buffer.append(row)
            size += len(row)
            if size > _CHUNK_CHARACTERS:
                yield "".join(buffer).encode()
                buffer, size = [], 0
    yield "".join(buffer).encode()


async def as_json(entries: AsyncGenerator[BlockedArtist, None]) -> AsyncGenerator[bytes, None]:
    """An ``ExportedList``, one entry after the other."""
    buffer = bytearray(b'{"version":1,"entries":[')
    separator = b""
    async with aclosing(entries):
        async for entry in entries:
            buffer += separator
            buffer += msgspec.json.encode(
                ExportedEntry(
                    artist=entry.artist.canonical_name,
                    external_ids={str(k): v for k, v in entry.artist.external_ids.items()},
                    tags=entry.tags,
                    note=entry.note,
                    added_at=entry.added_at,
                    until=entry.until,
                    source=EntrySource(kind=entry.source.kind, name=entry.source.name),
                )
            )
            separator = b","
            if len(buffer) > _CHUNK_CHARACTERS:
                yield bytes(buffer)
                buffer.clear()
    yield bytes(buffer) + b"]}"


def _cells(entry: BlockedArtist) -> list[str]:
    service, value = OWN_SERVICE, str(entry.artist.id)
    for candidate in MusicService:  # in the order of how many lists use them
        if candidate in entry.artist.external_ids:
            service, value = candidate, entry.artist.external_ids[candidate]
            break
    return [
        entry.artist.canonical_name,
        value,
        service,
        TAG_SEPARATOR.join(entry.tags),
        entry.note or "",
        entry.added_at.isoformat(),
        entry.until.isoformat() if entry.until else "",
    ]
