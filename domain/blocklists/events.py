"""What has happened on a do-not-play list."""

from domain.shared.events import Event
from domain.shared.ids import ArtistId, BulkChangeId, ExceptionId


class ArtistBlocked(Event, frozen=True, kw_only=True, tag="blocklists.artist_blocked.v1"):
    """An artist was put on the list by hand."""

    artist_id: ArtistId

    @property
    def resource(self) -> tuple[str, str]:
        """The artist."""
        return "artist", str(self.artist_id)


class BlockedArtistUpdated(
    Event, frozen=True, kw_only=True, tag="blocklists.blocked_artist_updated.v1"
):
    """The tags or the note of an entry changed."""

    artist_id: ArtistId

    @property
    def resource(self) -> tuple[str, str]:
        """The artist."""
        return "artist", str(self.artist_id)


class ArtistUnblocked(Event, frozen=True, kw_only=True, tag="blocklists.artist_unblocked.v1"):
    """An artist was taken off the list."""

    artist_id: ArtistId

    @property
    def resource(self) -> tuple[str, str]:
        """The artist."""
        return "artist", str(self.artist_id)


class BlockedArtistsImported(
    Event, frozen=True, kw_only=True, tag="blocklists.blocked_artists_imported.v1"
):
    """A file of artists was put on the list."""

    added: int
    already_there: int
    rejected: int


class BlockEnded(Event, frozen=True, kw_only=True, tag="blocklists.block_ended.v1"):
    """An entry came to the time that it was to end at, and was taken off."""

    artist_id: ArtistId

    @property
    def resource(self) -> tuple[str, str]:
        """The artist."""
        return "artist", str(self.artist_id)


class ArtistsBlocked(Event, frozen=True, kw_only=True, tag="blocklists.artists_blocked.v1"):
    """Many artists were put on the list at once."""

    change_id: BulkChangeId
    entries: int

    @property
    def resource(self) -> tuple[str, str]:
        """The bulk change."""
        return "bulk_change", str(self.change_id)


class BlockedArtistsUpdated(
    Event, frozen=True, kw_only=True, tag="blocklists.blocked_artists_updated.v1"
):
    """Many entries were changed at once."""

    change_id: BulkChangeId
    entries: int

    @property
    def resource(self) -> tuple[str, str]:
        """The bulk change."""
        return "bulk_change", str(self.change_id)


class ArtistsUnblocked(Event, frozen=True, kw_only=True, tag="blocklists.artists_unblocked.v1"):
    """Many artists were taken off the list at once."""

    change_id: BulkChangeId
    entries: int

    @property
    def resource(self) -> tuple[str, str]:
        """The bulk change."""
        return "bulk_change", str(self.change_id)


class BulkChangeUndone(Event, frozen=True, kw_only=True, tag="blocklists.bulk_change_undone.v1"):
    """The last bulk change was taken back."""

    change_id: BulkChangeId
    entries: int

    @property
    def resource(self) -> tuple[str, str]:
        """The bulk change."""
        return "bulk_change", str(self.change_id)


class TagRenamed(Event, frozen=True, kw_only=True, tag="blocklists.tag_renamed.v1"):
    """A tag got another name on every entry that had it."""

    change_id: BulkChangeId
    entries: int

    @property
    def resource(self) -> tuple[str, str]:
        """The bulk change."""
        return "bulk_change", str(self.change_id)


class TagRemoved(Event, frozen=True, kw_only=True, tag="blocklists.tag_removed.v1"):
    """A tag was taken off every entry that had it."""

    change_id: BulkChangeId
    entries: int

    @property
    def resource(self) -> tuple[str, str]:
        """The bulk change."""
        return "bulk_change", str(self.change_id)


class TracksBlocked(Event, frozen=True, kw_only=True, tag="blocklists.tracks_blocked.v1"):
    """Single tracks were put on the list."""

    tracks: int


class TracksUnblocked(Event, frozen=True, kw_only=True, tag="blocklists.tracks_unblocked.v1"):
    """Single tracks were taken off the list."""

    tracks: int


class ExceptionAdded(Event, frozen=True, kw_only=True, tag="blocklists.exception_added.v1"):
    """An artist or a track was excepted from every list."""

    exception_id: ExceptionId

    @property
    def resource(self) -> tuple[str, str]:
        """The exception."""
        return "exception", str(self.exception_id)


class ExceptionRemoved(Event, frozen=True, kw_only=True, tag="blocklists.exception_removed.v1"):
    """An exception was taken back."""

    exception_id: ExceptionId

    @property
    def resource(self) -> tuple[str, str]:
        """The exception."""
        return "exception", str(self.exception_id)
