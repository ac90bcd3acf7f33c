"""One artist on someone's do-not-play list, with the person's own tags and note."""

from datetime import UTC, datetime
from typing import NewType

import msgspec

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
TAG_SEPARATOR = ";"


class DnpEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One artist on someone's do-not-play list."""

    user_id: UserId
    artist_id: ArtistId
    tags: frozenset[Tag]
    note: Note | None
    added_at: datetime

    @property
    def state(self) -> State:
        """What the audit log may show of an entry."""
        return {"tags": masked_words(self.tags), "note": masked_text(self.note)}

    @property
    def version(self) -> Version:
        """Another one for each state; an entry that was removed and added again is another."""
        return version_of(
            self.user_id,
            self.artist_id,
            sorted(self.tags),
            self.note,
            self.added_at.astimezone(UTC),
        )

    def edited(
        self,
        *,
        tags: frozenset[Tag] | msgspec.UnsetType = msgspec.UNSET,
        note: Note | None | msgspec.UnsetType = msgspec.UNSET,
    ) -> "DnpEntry":
        """The same artist with other tags or another note; what is ``UNSET`` stays."""
        return msgspec.structs.replace(
            self,
            tags=self.tags if tags is msgspec.UNSET else tags,
            note=self.note if note is msgspec.UNSET else note,
        )


def parse_tags(texts: list[str]) -> frozenset[Tag]:
    """Up to 20 tags of 1 to 50 characters, without controls or semicolons."""
    tags = frozenset(Tag(normalise(text)) for text in texts)
    if len(tags) > MAX_TAGS:
        raise InvalidInputError.of("tags", f"expected at most {MAX_TAGS} tags")
    for tag in tags:
        if not 0 < len(tag) <= MAX_TAG_LENGTH:
            raise InvalidInputError.of("tags", f"each tag has 1 to {MAX_TAG_LENGTH} characters")
        if TAG_SEPARATOR in tag or has_forbidden_characters(tag):
            raise InvalidInputError.of("tags", "a tag has no semicolons or control characters")
    return tags


def parse_note(text: str | None) -> Note | None:
    """Up to 2000 characters, line breaks allowed; white space alone means no note."""
    if text is None or not (note := normalise(text.replace("\r\n", "\n"))):
        return None
    if len(note) > MAX_NOTE_LENGTH:
        raise InvalidInputError.of("note", f"expected at most {MAX_NOTE_LENGTH} characters")
    if has_forbidden_characters(note, allow="\n\t"):
        raise InvalidInputError.of("note", "a note has no control characters but line breaks")
    return Note(note)
