"""The JSON of the list *Soul Over AI* (souloverai.com): ids on several services, and evidence.

What the list says about an artist becomes the note, with the list's name before it: it is the
list's word. Artists that it has withdrawn are not taken over.
"""

from collections.abc import Iterator

import msgspec

from domain.blocklists.dnp_entry import MAX_NOTE_LENGTH, Note, parse_note
from domain.blocklists.list_formats.file_text import as_utf_8
from domain.blocklists.list_formats.json_text import decode_row, elements
from domain.blocklists.list_formats.row import (
    ListRow,
    Reject,
    Rejection,
    artist_row,
    parse_references,
)
from domain.shared.errors import InvalidInputError
from domain.shared.external_id import MusicService

_SOURCE = "Soul Over AI: "


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of a record; its ``id`` is a word of the list's own."""

    name: str
    removed: bool = False
    notes: str | None = None
    spotify: str | None = None
    apple: str | None = None
    amazon: str | None = None
    youtube: str | None = None
    tidal: str | None = None
    deezer: str | None = None


def read_soul_over_ai(body: bytes, reject: Reject) -> Iterator[ListRow]:
    """The rows; withdrawn artists and records of another shape go to ``reject``."""
    for number, raw in elements(as_utf_8(body)):
        try:
            row = _read_record(number, decode_row(_Record, raw))
        except InvalidInputError as error:
            reject(Rejection.of(number, error))
        else:
            yield row


def _read_record(number: int, record: _Record) -> ListRow:
    if record.removed:
        raise InvalidInputError.of("removed", "the list has withdrawn this artist")
    references = parse_references(
        (
            (MusicService.SPOTIFY, record.spotify or ""),
            (MusicService.APPLE_MUSIC, record.apple or ""),
            (MusicService.YOUTUBE, record.youtube or ""),
            (MusicService.AMAZON_MUSIC, record.amazon or ""),
            (MusicService.TIDAL, record.tidal or ""),
            (MusicService.DEEZER, record.deezer or ""),
        )
    )
    return artist_row(number, references, record.name, note=_note(record.notes))


def _note(notes: str | None) -> Note | None:
    if not notes or not notes.strip():
        return None
    text = _SOURCE + notes.strip()
    return parse_note(text if len(text) <= MAX_NOTE_LENGTH else text[: MAX_NOTE_LENGTH - 1] + "…")
