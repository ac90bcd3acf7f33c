"""One artist on someone's do-not-play list, with the person's own tags and note."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import NewType

import msgspec

from domain.blocklists.errors import ArtistNotBlockedError
from domain.shared.errors import InvalidInputError
from domain.shared.ids import ArtistId, UserId
from domain.shared.state import State, masked_text, masked_words
from domain.shared.text import has_forbidden_characters, normalise
from domain.shared.version import Version, version_of

Tag = NewType("Tag", str)
Note = NewType("Note", str)

MAX_TAGS = 20
MAX_TAG_LENGTH = 50
MAX_NOTE_LENGTH = 2000
MAX_SOURCE_NAME_LENGTH = 100
TAG_SEPARATOR = ";"


class SourceKind(StrEnum):
    """Whose reason an entry has: the listener's own, a file's or a list's."""

    OWN = "own"
    IMPORT = "import"
    LIST = "list"


class EntrySource(msgspec.Struct, frozen=True, kw_only=True):
    """Where an entry comes from, and what the file or list is called."""

    kind: SourceKind
    name: str | None = None


BY_HAND = EntrySource(kind=SourceKind.OWN)


class DnpEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One artist on someone's do-not-play list, until a time or for good."""

    user_id: UserId
    artist_id: ArtistId
    tags: frozenset[Tag]
    note: Note | None
    added_at: datetime
    until: datetime | None = None
    source: EntrySource = BY_HAND

    @property
    def state(self) -> State:
        """What the audit log may show of an entry."""
        return {
            "tags": masked_words(self.tags),
            "note": masked_text(self.note),
            "until": None if self.until is None else self.until.astimezone(UTC).isoformat(),
        }

    def is_over(self, now: datetime) -> bool:
        """Whether it has ended, and counts as taken off."""
        return self.until is not None and self.until <= now

    @property
    def version(self) -> Version:
        """Another one for each state; an entry that was removed and added again is another."""
        return version_of(
            self.user_id,
            self.artist_id,
            sorted(self.tags),
            self.note,
            self.added_at.astimezone(UTC),
            None if self.until is None else self.until.astimezone(UTC),
        )

    def edited(
        self,
        *,
        tags: frozenset[Tag] | msgspec.UnsetType = msgspec.UNSET,
        note: Note | None | msgspec.UnsetType = msgspec.UNSET,
        until: datetime | None | msgspec.UnsetType = msgspec.UNSET,
    ) -> "DnpEntry":
        """The same artist with other tags, note or end; what is ``UNSET`` stays."""
        return msgspec.structs.replace(
            self,
            tags=self.tags if tags is msgspec.UNSET else tags,
            note=self.note if note is msgspec.UNSET else note,
            until=self.until if until is msgspec.UNSET else until,
        )


def parse_tags(texts: list[str]) -> frozenset[Tag]:
    """Up to 20 tags of 1 to 50 characters, without controls or semicolons."""
    tags = frozenset(parse_tag("tags", text) for text in texts)
    if len(tags) > MAX_TAGS:
        raise InvalidInputError.of("tags", f"expected at most {MAX_TAGS} tags")
    return tags


def parse_tag(field: str, text: str) -> Tag:
    """One tag; ``field`` is where it comes from."""
    tag = Tag(normalise(text))
    if not 0 < len(tag) <= MAX_TAG_LENGTH:
        raise InvalidInputError.of(field, f"each tag has 1 to {MAX_TAG_LENGTH} characters")
    if TAG_SEPARATOR in tag or has_forbidden_characters(tag):
        raise InvalidInputError.of(field, "a tag has no semicolons or control characters")
    return tag


def parse_note(text: str | None) -> Note | None:
    """Up to 2000 characters, line breaks allowed; white space alone means no note."""
    if text is None or not (note := normalise(text.replace("\r\n", "\n"))):
        return None
    if len(note) > MAX_NOTE_LENGTH:
        raise InvalidInputError.of("note", f"expected at most {MAX_NOTE_LENGTH} characters")
    if has_forbidden_characters(note, allow="\n\t"):
        raise InvalidInputError.of("note", "a note has no control characters but line breaks")
    return Note(note)


def parse_until(time: datetime | None, now: datetime) -> datetime | None:
    """When an entry ends: later than now, or never."""
    if time is not None and time <= now:
        raise InvalidInputError.of("until", "expected a time that is still to come")
    return time


def check_still_there(entry: DnpEntry, now: datetime) -> None:
    """Refuse with ``ArtistNotBlockedError`` what has ended, removed already or not."""
    if entry.is_over(now):
        raise ArtistNotBlockedError("It has come to its end; add the artist again.")


def parse_source_name(text: str | None) -> str | None:
    """What a file is called, without folders and in 100 characters; ``None`` for a strange name."""
    name = normalise((text or "").replace("\\", "/").rpartition("/")[2])[:MAX_SOURCE_NAME_LENGTH]
    return None if not name or has_forbidden_characters(name) else name
