"""One thing that a person has in a library, as the service's export writes it."""

import re
import unicodedata
from enum import StrEnum

import msgspec

from domain.shared.errors import InvalidInputError
from domain.shared.external_id import ExternalId, MusicService

MAX_TEXT = 1_000

# Controls, surrogates, line and paragraph separators, bidirectional overrides: they would reach
# a terminal or a page with what is shown of an item.
_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class ItemKind(StrEnum):
    """What sort of thing an item is; an artist is in a library when followed (or banned)."""

    TRACK = "track"
    ALBUM = "album"
    ARTIST = "artist"
    SHOW = "show"


class Mark(StrEnum):
    """What the person has said or done about an item, as far as the export tells."""

    LIKED = "liked"  # saved to the library, followed
    LOVED = "loved"
    DISLIKED = "disliked"
    BANNED = "banned"
    PLAYED = "played"  # listened to; it need not be in the library


class LibraryItem(msgspec.Struct, frozen=True, kw_only=True):
    """A track, album, show or followed artist: who and what it says, and where it stands.

    ``artists`` are the names as written. Where the service writes every artist by itself
    (``separate``) each is one whole name; elsewhere one text may name several people.
    ``artist_ids`` is as long as ``artists``, or empty; ``uri`` is the item's own address.
    The place is ``section`` and ``position``: ``line 7`` of a text, ``tracks 7`` of a JSON file.
    """

    kind: ItemKind
    title: str
    artists: tuple[str, ...]
    separate: bool
    album: str = ""
    uri: str = ""
    artist_ids: tuple[ExternalId | None, ...] = ()
    marks: frozenset[Mark] = frozenset()
    stars: int | None = None
    section: str
    position: int

    @property
    def place(self) -> str:
        """Where in the file the item stands, for people."""
        return f"{self.section} {self.position}"


class Skipped(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a file that could not be read, where it stands and why."""

    section: str
    position: int
    reason: str


class UnreadableEntryError(Exception):
    """An entry that says too little, or too much, to be an item; the file goes on."""


def written(text: object) -> str:
    """``text`` as it may be shown: composed, trimmed, without controls; at most 1,000 long.

    Raises ``UnreadableEntryError`` where it is longer; what is missing is the empty text.
    """
    if text is None:
        return ""
    if not isinstance(text, str):
        raise UnreadableEntryError("a name is no text")
    if len(text) > MAX_TEXT:
        raise UnreadableEntryError(f"a name is longer than {MAX_TEXT:,} characters")
    if text.isascii() and text.isprintable():
        return text.strip()
    return unicodedata.normalize("NFC", _UNSHOWABLE.sub("", text)).strip()


def artist_id(service: MusicService, text: str) -> ExternalId | None:
    """The artist's id in a URI or address, where there is a readable one."""
    if not text:
        return None
    try:
        return ExternalId.parse(service, text)
    except InvalidInputError:
        return None
