"""Lists on their way out: streams of each format, written row by row."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from enum import StrEnum

import msgspec

from application.blocklists.ports import BlockedArtist
from domain.blocklists.dnp_entry import TAG_SEPARATOR
from domain.blocklists.list_formats.csv_file import COLUMNS
from domain.blocklists.list_formats.plain_text import write_line
from domain.blocklists.list_formats.row import OWN_SERVICE
from domain.shared.csv_text import write_row
from domain.shared.external_id import MusicService
from entrypoints.http.blocklists.schemas import EntrySource, ExportedEntry

# Not that of our own document, which has another shape.
TRASHBIN_MEDIA_TYPE = "application/vnd.spicetify.trashbin+json"
_CHUNK = 16 * 1024


class ExportFormat(StrEnum):
    """How a list is written to take it away."""

    CSV = "csv"
    JSON = "json"
    TRASHBIN = "trashbin"
    TEXT = "text"


class Writer(msgspec.Struct, frozen=True, kw_only=True):
    """One format: what goes before, between and after the entries, and what they look like.

    ``entry`` answers nothing for an entry that the format cannot hold.
    """

    media_type: str
    extension: str
    entry: Callable[[BlockedArtist], bytes]
    before: bytes = b""
    between: bytes = b""
    after: bytes = b""

    async def write(
        self, entries: AsyncGenerator[BlockedArtist, None]
    ) -> AsyncGenerator[bytes, None]:
        """The file, a few entries at a time."""
        buffer = bytearray(self.before)
        separator = b""
        async with aclosing(entries):
            async for entry in entries:
                written = self.entry(entry)
                if not written:
                    continue
                buffer += separator
                buffer += written
                separator = self.between
                if len(buffer) > _CHUNK:
                    yield bytes(buffer)
                    buffer.clear()
        yield bytes(buffer) + self.after


def _as_csv(entry: BlockedArtist) -> bytes:
    return write_row(_cells(entry)).encode()


def _as_json(entry: BlockedArtist) -> bytes:
    return msgspec.json.encode(
        ExportedEntry(
            artist=entry.artist.canonical_name,
            artist_id=entry.artist.id,
            external_ids={str(k): v for k, v in entry.artist.external_ids.items()},
            tags=entry.tags,
            note=entry.note,
            added_at=entry.added_at,
            until=entry.until,
            source=EntrySource(kind=entry.source.kind, name=entry.source.name),
        )
    )


def _as_trashbin(entry: BlockedArtist) -> bytes:
    spotify = entry.artist.external_ids.get(MusicService.SPOTIFY)
    return b"" if spotify is None else f'"spotify:artist:{spotify}":true'.encode()


def _as_text(entry: BlockedArtist) -> bytes:
    artist = entry.artist
    return f"{write_line(artist.canonical_name, artist.id, artist.external_ids)}\n".encode()


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


WRITERS = {
    ExportFormat.CSV: Writer(
        media_type="text/csv",
        extension="csv",
        before=write_row(list(COLUMNS)).encode(),
        entry=_as_csv,
    ),
    ExportFormat.JSON: Writer(
        media_type="application/json",
        extension="json",
        before=b'{"version":1,"entries":[',
        between=b",",
        after=b"]}",
        entry=_as_json,
    ),
    ExportFormat.TRASHBIN: Writer(
        media_type=TRASHBIN_MEDIA_TYPE,
        extension="trashbin.json",
        before=b'{"songs":{},"artists":{',
        between=b",",
        after=b"}}",
        entry=_as_trashbin,
    ),
    ExportFormat.TEXT: Writer(media_type="text/plain", extension="txt", entry=_as_text),
}
