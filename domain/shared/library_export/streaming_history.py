"""Spotify's streaming history: what was listened to, one entry a play.

Two shapes, both a JSON array. ``StreamingHistory0.json`` and ``StreamingHistory_music_0.json``
(*Account data*): ``{endTime, artistName, trackName, msPlayed}``. ``Streaming_History_Audio_*.json``
and ``endsong_*.json`` (*Extended streaming history*; fields as in Spotify's "Understanding my
data"): ``master_metadata_track_name``, ``master_metadata_album_artist_name``,
``master_metadata_album_album_name``, ``spotify_track_uri``; null where the play was of an episode
or audiobook, which are passed over. The artist is one name: the first artist's.
"""

from collections.abc import Callable, Iterator

import msgspec

from domain.shared.library_export import json_entries
from domain.shared.library_export.item import (
    ItemKind,
    LibraryItem,
    Mark,
    Skipped,
    UnreadableEntryError,
    written,
)

_PLAYED = frozenset({Mark.PLAYED})
_TITLES = {"trackName", "master_metadata_track_name"}


class _Play(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of either shape."""

    artist: str | None = msgspec.field(default=None, name="artistName")
    track: str | None = msgspec.field(default=None, name="trackName")
    album_artist: str | None = msgspec.field(default=None, name="master_metadata_album_artist_name")
    title: str | None = msgspec.field(default=None, name="master_metadata_track_name")
    album: str | None = msgspec.field(default=None, name="master_metadata_album_album_name")
    uri: str | None = msgspec.field(default=None, name="spotify_track_uri")


def read(body: bytes, skip: Callable[[Skipped], None]) -> Iterator[LibraryItem] | None:
    """The plays of the file, or ``None`` where it is something else."""
    if not json_entries.opens_with(body, b"["):
        return None
    plays = json_entries.parse(body, list[msgspec.Raw])
    if not plays:
        return None
    first = json_entries.parse(bytes(plays[0]), dict[str, msgspec.Raw])
    if first is None or not _TITLES & first.keys():
        return None
    return json_entries.items(plays, "plays", _Play, _item, skip)


def _item(play: _Play, position: int) -> LibraryItem | None:
    title = written(play.title or play.track)
    if not title:
        return None
    artist = written(play.album_artist or play.artist)
    if not artist:
        raise UnreadableEntryError("the play names no artist")
    return LibraryItem(
        kind=ItemKind.TRACK,
        title=title,
        artists=(artist,),
        separate=True,
        album=written(play.album),
        uri=written(play.uri),
        marks=_PLAYED,
        section="plays",
        position=position,
    )
