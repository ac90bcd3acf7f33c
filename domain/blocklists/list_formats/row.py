"""What every format gives: rows that name an artist or a track, and lines that give nothing."""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from domain.blocklists.dnp_entry import Note, Tag
from domain.blocklists.errors import ListTooLargeError, UnreadableListError
from domain.shared.errors import FieldError, InvalidInputError
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import ArtistId
from domain.shared.text import has_forbidden_characters, normalise

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 100_000
MAX_NAME_LENGTH = 255
MAX_IDS_OF_A_ROW = 20

# What says in a file that an id is this service's own.
OWN_SERVICE = "nodrake"

Reference = ExternalId | ArtistId


class ListRow(msgspec.Struct, frozen=True, kw_only=True):
    """One artist of a file: ``references`` say who it is, ``name`` what the file calls them.

    ``line`` is the line of a text, and the number of the entry in JSON and XML. A row without
    references has a name.
    """

    line: int
    references: tuple[Reference, ...]
    name: str | None
    tags: frozenset[Tag] = frozenset()
    note: Note | None = None
    added_at: datetime | None = None
    until: datetime | None = None


class TrackRow(msgspec.Struct, frozen=True, kw_only=True):
    """One track of a file; ``loved`` where the file says that it is liked and not the opposite."""

    line: int
    uri: str | None = None
    title: str | None = None
    artist: str | None = None
    loved: bool = False


class RejectionCode(StrEnum):
    """Why a line was not taken over."""

    INVALID_ARTIST = "invalid_artist"
    INVALID_ENTRY = "invalid_entry"
    INVALID_ID = "invalid_id"
    INVALID_NOTE = "invalid_note"
    INVALID_SERVICE = "invalid_service"
    INVALID_TAGS = "invalid_tags"
    INVALID_TIME = "invalid_time"
    EXCEPTED = "excepted"
    EXCEPTION = "exception"
    OVER = "over"
    TRACK = "track"
    UNKNOWN_ID = "unknown_id"
    UNNAMED = "unnamed"
    WITHDRAWN = "withdrawn"


_CODES = {
    "artist": RejectionCode.INVALID_ARTIST,
    "id": RejectionCode.INVALID_ID,
    "note": RejectionCode.INVALID_NOTE,
    "service": RejectionCode.INVALID_SERVICE,
    "tags": RejectionCode.INVALID_TAGS,
    "until": RejectionCode.INVALID_TIME,
    "added_at": RejectionCode.INVALID_TIME,
    "exception": RejectionCode.EXCEPTION,
    "removed": RejectionCode.WITHDRAWN,
}


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    """A line that was not taken over, and why: in a word for programs, and in a sentence."""

    line: int
    code: RejectionCode
    reason: str

    @classmethod
    def of(cls, line: int, error: InvalidInputError) -> "Rejection":
        """What the first field that was refused makes of the line."""
        code = _CODES.get(error.errors[0].field, RejectionCode.INVALID_ENTRY)
        return cls(line=line, code=code, reason=error.detail)


Row = ListRow | TrackRow
Reject = Callable[[Rejection], None]


def artist_row(
    line: int,
    references: Iterable[Reference],
    name: str | None,
    *,
    tags: frozenset[Tag] = frozenset(),
    note: Note | None = None,
    added_at: datetime | None = None,
    until: datetime | None = None,
) -> ListRow:
    """A row; ``InvalidInputError`` where it names nobody, or not in a way that can be kept."""
    name = normalise(name) if name else None
    if name and (len(name) > MAX_NAME_LENGTH or has_forbidden_characters(name)):
        raise InvalidInputError.of(
            "artist", f"expected at most {MAX_NAME_LENGTH} characters without controls"
        )
    found = tuple(dict.fromkeys(references))
    if not found and not name:
        raise InvalidInputError.of("artist", "neither a name nor an id is given")
    if len(found) > MAX_IDS_OF_A_ROW:
        raise InvalidInputError.of("id", f"expected at most {MAX_IDS_OF_A_ROW} ids")
    return ListRow(
        line=line,
        references=found,
        name=name or None,
        tags=tags,
        note=note,
        added_at=added_at,
        until=until,
    )


def parse_references(texts: Iterable[tuple[str | None, str]]) -> list[Reference]:
    """The ids among pairs of a service and a text; ``""`` as service takes whatever it is.

    Texts that are no ids are left out, as long as one is; else ``InvalidInputError`` is that of
    the first.
    """
    found: list[Reference] = []
    refusal: InvalidInputError | None = None
    for service, text in texts:
        if not text:
            continue
        try:
            found.append(parse_reference(service or "", text))
        except InvalidInputError as error:
            refusal = refusal or error
    if refusal is not None and not found:
        raise refusal
    return found


def parse_reference(service: str, text: str) -> Reference:
    """An id of the service (Spotify's where none is named), or a link of any."""
    if service == OWN_SERVICE or text.startswith(f"{OWN_SERVICE}:artist:"):
        try:
            return ArtistId(UUID(text.removeprefix(f"{OWN_SERVICE}:artist:").strip()))
        except ValueError as error:
            raise InvalidInputError.of("id", "expected a UUID") from error
    if service:
        if service not in MusicService.__members__.values():
            raise InvalidInputError.of("service", f"expected one of {', '.join(MusicService)}")
        return ExternalId.parse(MusicService(service), text)
    return recognise(text, MusicService.SPOTIFY)


def recognise(text: str, default: MusicService) -> ExternalId:
    """A bare id of the ``default`` service, which most are, or a link of any."""
    try:
        return ExternalId.parse(default, text)
    except InvalidInputError:
        return ExternalId.recognise(text, default=default)


def parse_time(field: str, text: str | None) -> datetime | None:
    """A time with its zone; ``InvalidInputError`` for anything else, ``None`` for nothing."""
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise InvalidInputError.of(field, "expected a time such as 2026-01-31T12:00:00Z")
    return time


def too_many_rows() -> ListTooLargeError:
    """The refusal of a file with more rows than one import takes."""
    return ListTooLargeError(f"One import takes at most {MAX_ROWS:,} rows.")


def unreadable(message: str) -> UnreadableListError:
    """The refusal of a file that is no list as a whole."""
    return UnreadableListError(
        f"Nothing was imported: {message}.", errors=(FieldError(field="file", message=message),)
    )
