"""Small valid entries, rows of files and slices of lists."""

import secrets
import string
from collections.abc import Iterable
from datetime import datetime

from application.blocklists.ports import ListOrder, ListPosition, ListSlice
from domain.blocklists.dnp_entry import (
    BY_HAND,
    DnpEntry,
    EntrySource,
    SourceKind,
    parse_note,
    parse_tags,
)
from domain.blocklists.list_formats.row import ListRow
from domain.blocklists.track import Track, TrackId, TrackRegister
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import ArtistId, UserId
from tests.builders.accounts import NOW

FROM_A_FILE = EntrySource(kind=SourceKind.IMPORT, name="a list.csv")


def a_spotify_id() -> ExternalId:
    """An id on Spotify that no other artist has."""
    alphabet = string.ascii_letters + string.digits
    value = "".join(secrets.choice(alphabet) for _ in range(22))
    return ExternalId(service=MusicService.SPOTIFY, value=value)


def a_track(title: str = "Eleven Kinds of Rain") -> Track:
    """A track that no other test uses."""
    track_id = TrackId(service=TrackRegister.SPOTIFY, value=a_spotify_id().value)
    return Track(id=track_id, title=title, artist_credit="Static Bloom")


def an_entry(
    user_id: UserId,
    artist_id: ArtistId,
    *,
    tags: Iterable[str] = (),
    note: str | None = None,
    added_at: datetime = NOW,
    until: datetime | None = None,
    source: EntrySource = BY_HAND,
) -> DnpEntry:
    """An entry without tags or note, unless given."""
    return DnpEntry(
        user_id=user_id,
        artist_id=artist_id,
        tags=parse_tags(list(tags)),
        note=parse_note(note),
        added_at=added_at,
        until=until,
        source=source,
    )


def a_row(
    *references: ExternalId | ArtistId,
    line: int = 2,
    name: str | None = "Someone",
    tags: Iterable[str] = (),
    note: str | None = None,
    added_at: datetime | None = None,
    until: datetime | None = None,
) -> ListRow:
    """A row of a file."""
    return ListRow(
        line=line,
        references=references,
        name=name,
        tags=parse_tags(list(tags)),
        note=parse_note(note),
        added_at=added_at,
        until=until,
    )


def a_slice(
    user_id: UserId,
    *,
    order: ListOrder = ListOrder.NEWEST,
    limit: int = 50,
    after: ListPosition | None = None,
    tag: str | None = None,
    text: str | None = None,
    source: SourceKind | None = None,
    source_name: str | None = None,
) -> ListSlice:
    """The first fifty of a list, newest first, unless said otherwise."""
    return ListSlice(
        user_id=user_id,
        order=order,
        limit=limit,
        after=after,
        tag=tag,
        text=text,
        source=source,
        source_name=source_name,
    )
