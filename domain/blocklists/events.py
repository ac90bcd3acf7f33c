"""What has happened on a do-not-play list."""

from domain.shared.events import Event
from domain.shared.ids import ArtistId


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
