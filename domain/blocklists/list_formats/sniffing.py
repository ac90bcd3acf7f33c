"""Which format a file has, told by its content and never by its name."""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

from domain.blocklists.errors import ListTooLargeError
from domain.blocklists.list_formats.csv_file import header_of, is_tabular, read_csv
from domain.blocklists.list_formats.file_text import as_utf_8, start_of
from domain.blocklists.list_formats.filter_list import is_header, read_filter_list
from domain.blocklists.list_formats.json_list import read_json
from domain.blocklists.list_formats.library_export import (
    read_exportify,
    read_itunes,
    read_your_library,
)
from domain.blocklists.list_formats.plain_text import read_plain_text
from domain.blocklists.list_formats.row import MAX_BYTES, Reject, Row, unreadable
from domain.blocklists.list_formats.soul_over_ai import read_soul_over_ai
from domain.blocklists.list_formats.trashbin import read_trashbin

_LINES_TO_LOOK_AT = 20
_START = 16 * 1024
_MARKUP = ("<?xml", "<!doctype", "<plist", "<html")
_EXPORTIFY = {"track name", "artist name(s)"}


class ListFormat(StrEnum):
    """Formats in which lists are taken in."""

    CSV = "csv"
    JSON = "json"
    SOUL_OVER_AI = "soul_over_ai"
    TRASHBIN = "trashbin"
    TEXT = "text"
    FILTER_LIST = "filter_list"
    SPOTIFY_LIBRARY = "spotify_library"
    EXPORTIFY = "exportify"
    ITUNES = "itunes"


_READERS: dict[ListFormat, Callable[[bytes, Reject], Iterator[Row]]] = {
    ListFormat.CSV: read_csv,
    ListFormat.JSON: read_json,
    ListFormat.SOUL_OVER_AI: read_soul_over_ai,
    ListFormat.TRASHBIN: read_trashbin,
    ListFormat.TEXT: read_plain_text,
    ListFormat.FILTER_LIST: read_filter_list,
    ListFormat.SPOTIFY_LIBRARY: read_your_library,
    ListFormat.EXPORTIFY: read_exportify,
    ListFormat.ITUNES: read_itunes,
}


def read_list(body: bytes, format: ListFormat, reject: Reject) -> Iterator[Row]:
    """The rows of a file, one by one; a row that cannot be read goes to ``reject``.

    Raises ``UnreadableListError`` where the file as a whole is no list of this format, and
    ``ListTooLargeError`` past 10 MiB or 100,000 rows.
    """
    _check_size(body)
    return _READERS[format](body, reject)


def sniff(body: bytes) -> ListFormat:
    """The format; ``UnreadableListError`` where it is none, ``ListTooLargeError`` past 10 MiB."""
    _check_size(body)
    start = start_of(body).removeprefix("\ufeff").lstrip()
    if not start:
        raise unreadable("the file is empty")
    if start[0] in "{[":
        found = _sniff_json(start, body)
        if found is not None:
            return found
    if start.casefold().startswith(_MARKUP):
        return ListFormat.ITUNES
    if "\0" in start or start.startswith("bplist"):
        raise unreadable("the file is no text")
    lines = [line for line in start.splitlines() if line.strip()][:_LINES_TO_LOOK_AT]
    if is_header(lines[0].strip()):
        return ListFormat.FILTER_LIST
    if set(re.split(r"[,;\t]", lines[0].casefold().replace('"', ""))) >= _EXPORTIFY:
        return ListFormat.EXPORTIFY
    if header_of(lines[0]) is not None or is_tabular(lines):
        return ListFormat.CSV
    return ListFormat.TEXT


def _check_size(body: bytes) -> None:
    if len(body) > MAX_BYTES:
        raise ListTooLargeError(f"One import takes at most {MAX_BYTES // 1024**2} MiB.")


def _sniff_json(start: str, body: bytes) -> ListFormat | None:
    """``None`` for text that only starts like it (``[Adblock…]``, a name in brackets)."""
    inside = start[1:].lstrip()[:1]
    if start[0] == "[":
        if inside not in {"{", '"', "]", "[", ""}:
            return None
        head = start[:_START]
        told = '"disclosure"' in head or '"markers"' in head
        return ListFormat.SOUL_OVER_AI if told else ListFormat.JSON
    if inside not in {'"', "}"}:
        return None
    content = as_utf_8(body)
    if b'"entries"' in content:
        return ListFormat.JSON
    if any(name in content for name in (b'"bannedArtists"', b'"bannedTracks"', b'"shows"')):
        return ListFormat.SPOTIFY_LIBRARY
    if b'"artists"' in content or b'"songs"' in content or b'"trashArtistList"' in content:
        return ListFormat.TRASHBIN
    raise unreadable(
        "this JSON is no list: expected an array, an export of this service or of a library, "
        "or a trashbin"
    )
