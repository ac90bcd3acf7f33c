"""JSON: an array of names, links or objects, or the document that this service exports.

An object names its artist in ``artist`` or ``name``, and ids in ``id``, ``uri``, ``url`` or
``link`` (with ``service``), under the name of a service, or in ``external_ids``.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from domain.blocklists.dnp_entry import (
    MAX_TAG_LENGTH,
    MAX_TAGS,
    Tag,
    parse_note,
    parse_tags,
)
from domain.blocklists.list_formats.file_text import as_utf_8
from domain.blocklists.list_formats.json_text import decode, decode_row, elements
from domain.blocklists.list_formats.plain_text import read_line
from domain.blocklists.list_formats.row import (
    OWN_SERVICE,
    ListRow,
    Reject,
    Rejection,
    Row,
    artist_row,
    parse_references,
    parse_time,
    unreadable,
)
from domain.shared.errors import InvalidInputError
from domain.shared.external_id import MusicService

# Each character of a tag takes at most six signs, \u1234 twice for one beyond the first plane.
_MAX_TAGS_LENGTH = MAX_TAGS * (MAX_TAG_LENGTH * 12 + 8)
_VERSION = 1

_Id = str | int | None
_ExternalIds = msgspec.defstruct(
    "_ExternalIds", [(str(service), _Id, None) for service in MusicService], frozen=True
)


class _Document(msgspec.Struct, frozen=True, kw_only=True):
    """What ``exportBlockedArtists`` writes."""

    entries: msgspec.Raw
    version: int = _VERSION


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One artist."""

    artist: str | None = None
    name: str | None = None
    artist_name: str | None = None
    id: _Id = None
    artist_id: _Id = None
    uri: str | None = None
    url: str | None = None
    link: str | None = None
    service: str | None = None
    external_ids: _ExternalIds | None = None  # type: ignore[valid-type]  # made above
    spotify: _Id = None
    apple_music: _Id = None
    apple: _Id = None
    youtube: _Id = None
    tidal: _Id = None
    deezer: _Id = None
    amazon_music: _Id = None
    amazon: _Id = None
    musicbrainz: _Id = None
    mbid: _Id = None
    isni: _Id = None
    spotify_id: _Id = None
    tags: msgspec.Raw = msgspec.Raw()
    note: str | None = None
    added_at: str | None = None
    until: str | None = None


_PLACES = {
    "spotify": MusicService.SPOTIFY,
    "spotify_id": MusicService.SPOTIFY,
    "apple_music": MusicService.APPLE_MUSIC,
    "apple": MusicService.APPLE_MUSIC,
    "youtube": MusicService.YOUTUBE,
    "tidal": MusicService.TIDAL,
    "deezer": MusicService.DEEZER,
    "amazon_music": MusicService.AMAZON_MUSIC,
    "amazon": MusicService.AMAZON_MUSIC,
    "musicbrainz": MusicService.MUSICBRAINZ,
    "mbid": MusicService.MUSICBRAINZ,
    "isni": MusicService.ISNI,
}


def read_json(body: bytes, reject: Reject) -> Iterator[Row]:
    """The rows; an entry of another shape goes to ``reject``."""
    content: bytes | msgspec.Raw = as_utf_8(body)
    if content.lstrip()[:1] == b"{":
        document = decode(_Document, content)
        if document.version != _VERSION:
            raise unreadable(f"version {document.version} of the format is not known here")
        content = document.entries
    for number, raw in elements(content):
        try:
            if bytes(raw).lstrip()[:1] == b'"':
                row = read_line(number, decode_row(str, raw).strip())
            else:
                row = _read_entry(number, decode_row(_Entry, raw))
        except InvalidInputError as error:
            reject(Rejection.of(number, error))
        else:
            yield row


def _read_entry(number: int, entry: _Entry) -> ListRow:
    return artist_row(
        number,
        parse_references(_references(entry)),
        entry.artist or entry.name or entry.artist_name,
        tags=_tags(entry.tags),
        note=parse_note(entry.note),
        added_at=parse_time("added_at", entry.added_at),
        until=parse_time("until", entry.until),
    )


def _references(entry: _Entry) -> Iterator[tuple[str | None, str]]:
    service = (entry.service or "").strip().casefold()
    ids: Any = entry.external_ids
    for known in MusicService if ids is not None else ():
        yield known, _text(getattr(ids, known))
    for place, known in _PLACES.items():
        yield known, _text(getattr(entry, place))
    # What this service exports has its own ids as artist_id, beside those of others.
    own = OWN_SERVICE if ids is not None else service
    yield own, _text(entry.artist_id)
    for value in (entry.id, entry.uri, entry.url, entry.link):
        yield service, _text(value)


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)


def _tags(raw: msgspec.Raw) -> frozenset[Tag]:
    content = bytes(raw)
    if content in {b"", b"null"}:
        return frozenset()
    if len(content) > _MAX_TAGS_LENGTH:
        raise InvalidInputError.of("tags", f"expected at most {MAX_TAGS} tags")
    return parse_tags(decode_row(list[str], raw))
