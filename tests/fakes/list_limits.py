"""What lists hold in memory, and how much they may."""

from collections import Counter

from domain.blocklists.errors import ListFullError
from domain.blocklists.limits import (
    MAX_ENTRIES,
    MAX_EXCEPTIONS,
    MAX_TAGS_OF_LIST,
    MAX_TRACKS,
)
from domain.shared.ids import ArtistId, ExceptionId, UserId
from tests.fakes.shared import Rows


def exception_of(rows: Rows, user_id: UserId, artist_id: ArtistId) -> ExceptionId | None:
    """The exception that somebody has for an artist, under whichever id."""
    artist_id = rows.survivor_of(artist_id)
    for exception in rows.exceptions.values():
        if exception.user_id == user_id and exception.subject == artist_id:
            return exception.id
    return None


def check_limits(rows: Rows, user_id: UserId) -> None:
    """Refuse what is more than one list holds; ``pretended`` entries count as if there."""
    mine = [entry for entry in rows.entries.values() if entry.user_id == user_id]
    held = Counter(rows.pretended.get(user_id, {}))
    held["entries"] += len(mine)
    held["tags"] += len({tag for entry in mine for tag in entry.tags})
    held["tracks"] += sum(owner == user_id for owner, _ in rows.tracks)
    held["exceptions"] += sum(x.user_id == user_id for x in rows.exceptions.values())
    most = {
        "entries": MAX_ENTRIES,
        "tags": MAX_TAGS_OF_LIST,
        "tracks": MAX_TRACKS,
        "exceptions": MAX_EXCEPTIONS,
    }
    if any(held[what] > limit for what, limit in most.items()):
        raise ListFullError("full")
