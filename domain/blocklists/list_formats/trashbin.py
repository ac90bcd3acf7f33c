"""The backup of Spicetify's *Trashbin*: ``{"songs": {URI: true}, "artists": {URI: true}}``.

It has no names. The shape that older versions kept online (``trashSongList``,
``trashArtistList``) is read as well.
"""

from collections.abc import Iterator

import msgspec

from domain.blocklists.list_formats.file_text import as_utf_8
from domain.blocklists.list_formats.json_text import decode
from domain.blocklists.list_formats.row import (
    MAX_ROWS,
    Reject,
    Rejection,
    Row,
    TrackRow,
    artist_row,
    recognise,
    too_many_rows,
)
from domain.shared.errors import InvalidInputError
from domain.shared.external_id import MusicService


class _Trashbin(msgspec.Struct, frozen=True, kw_only=True):
    """Either spelling; what was thrown away by its URI."""

    songs: msgspec.Raw = msgspec.Raw()
    artists: msgspec.Raw = msgspec.Raw()
    trash_songs: msgspec.Raw = msgspec.field(default=msgspec.Raw(), name="trashSongList")
    trash_artists: msgspec.Raw = msgspec.field(default=msgspec.Raw(), name="trashArtistList")


def read_trashbin(body: bytes, reject: Reject) -> Iterator[Row]:
    """The rows, numbered as they stand: artists first, then songs."""
    trashbin = decode(_Trashbin, as_utf_8(body))
    artists = _trashed(bytes(trashbin.artists) or bytes(trashbin.trash_artists))
    songs = _trashed(bytes(trashbin.songs) or bytes(trashbin.trash_songs))
    if len(artists) + len(songs) > MAX_ROWS:
        raise too_many_rows()
    for number, uri in enumerate(artists, 1):
        try:
            row = artist_row(number, [recognise(uri, MusicService.SPOTIFY)], None)
        except InvalidInputError as error:
            reject(Rejection.of(number, error))
        else:
            yield row
    for number, uri in enumerate(songs, len(artists) + 1):
        yield TrackRow(line=number, uri=uri)


def _trashed(content: bytes) -> list[str]:
    if content in {b"", b"null"}:
        return []
    if content.count(b'":') + content.count(b'" :') > MAX_ROWS:
        raise too_many_rows()
    return [uri for uri, is_trashed in decode(dict[str, bool], content).items() if is_trashed]
