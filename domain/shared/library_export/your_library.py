"""Spotify's ``YourLibrary.json``: what is saved, followed and banned, one list each.

Part of *Account data* that Spotify hands out (its help: "Understanding my data", Your Library).
The lists are ``tracks`` and ``bannedTracks`` of ``{artist, album, track, uri}``, ``albums`` of
``{artist, album, uri}``, ``shows`` of ``{name, publisher, uri}``, ``artists`` and
``bannedArtists`` of ``{name, uri}``, besides ``episodes`` and ``other``. Exports of 2019 to 2020
have no ``uri``, and ``artists`` may be bare names. ``artist`` is one name: the first artist's.
Shapes as quoted by the readers of it on GitHub.
"""

from collections.abc import Callable, Iterator
from functools import partial

import msgspec

from domain.shared.external_id import MusicService
from domain.shared.library_export import json_entries
from domain.shared.library_export.item import (
    ItemKind,
    LibraryItem,
    Mark,
    Skipped,
    UnreadableEntryError,
    artist_id,
    written,
)

_LISTS = {"tracks", "albums", "shows", "episodes", "artists", "bannedTracks", "bannedArtists"}
_LIKED = frozenset({Mark.LIKED})
_BANNED = frozenset({Mark.BANNED})


class _Saved(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of any of the lists."""

    artist: str | None = None
    album: str | None = None
    track: str | None = None
    name: str | None = None
    publisher: str | None = None
    uri: str | None = None


def read(body: bytes, skip: Callable[[Skipped], None]) -> Iterator[LibraryItem] | None:
    """The items of the file, or ``None`` where it is something else."""
    if not json_entries.opens_with(body, b"{"):
        return None
    fields = json_entries.parse(body, dict[str, msgspec.Raw])
    if fields is None or len(_LISTS & fields.keys()) < 2:
        return None
    lists = {
        name: entries
        for name in _LISTS & fields.keys()
        if (entries := json_entries.parse(bytes(fields[name]), list[msgspec.Raw])) is not None
    }
    return _items(lists, skip) if len(lists) >= 2 else None


def _items(
    lists: dict[str, list[msgspec.Raw]], skip: Callable[[Skipped], None]
) -> Iterator[LibraryItem]:
    for section, item in (
        ("tracks", partial(_track, section="tracks", marks=_LIKED)),
        ("albums", _album),
        ("shows", _show),
        ("artists", partial(_artist, section="artists", marks=_LIKED)),
        ("bannedTracks", partial(_track, section="bannedTracks", marks=_BANNED)),
        ("bannedArtists", partial(_artist, section="bannedArtists", marks=_BANNED)),
    ):
        yield from json_entries.items(
            lists.get(section, []),
            section,
            _Saved | str,  # type: ignore[arg-type]  # a union is a type to msgspec
            item,
            skip,
        )


def _track(
    entry: "_Saved | str", position: int, *, section: str, marks: frozenset[Mark]
) -> LibraryItem:
    saved = _fields(entry)
    return LibraryItem(
        kind=ItemKind.TRACK,
        title=_needed(saved.track or saved.name),
        artists=_names(saved.artist),
        separate=True,
        album=written(saved.album),
        uri=written(saved.uri),
        marks=marks,
        section=section,
        position=position,
    )


def _album(entry: "_Saved | str", position: int) -> LibraryItem:
    saved = _fields(entry)
    title = _needed(saved.album or saved.name)
    return LibraryItem(
        kind=ItemKind.ALBUM,
        title=title,
        artists=_names(saved.artist),
        separate=True,
        album=title,
        uri=written(saved.uri),
        marks=_LIKED,
        section="albums",
        position=position,
    )


def _show(entry: "_Saved | str", position: int) -> LibraryItem:
    saved = _fields(entry)
    return LibraryItem(
        kind=ItemKind.SHOW,
        title=_needed(saved.name),
        artists=_names(saved.publisher),
        separate=True,
        uri=written(saved.uri),
        marks=_LIKED,
        section="shows",
        position=position,
    )


def _artist(
    entry: "_Saved | str", position: int, *, section: str, marks: frozenset[Mark]
) -> LibraryItem:
    saved = _Saved(name=entry) if isinstance(entry, str) else entry
    name = _needed(saved.name or saved.artist)
    uri = written(saved.uri)
    return LibraryItem(
        kind=ItemKind.ARTIST,
        title=name,
        artists=(name,),
        separate=True,
        uri=uri,
        artist_ids=(artist_id(MusicService.SPOTIFY, uri),),
        marks=marks,
        section=section,
        position=position,
    )


def _fields(entry: "_Saved | str") -> _Saved:
    if isinstance(entry, str):
        raise UnreadableEntryError("the entry has another shape than the service writes")
    return entry


def _names(name: str | None) -> tuple[str, ...]:
    text = written(name)
    return (text,) if text else ()


def _needed(text: str | None) -> str:
    title = written(text)
    if not title:
        raise UnreadableEntryError("the entry has no name")
    return title
