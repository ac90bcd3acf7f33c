"""What has happened in the catalogue."""

from domain.shared.events import Event
from domain.shared.ids import ArtistId, ArtistMergeId


class ArtistsMerged(Event, frozen=True, kw_only=True, tag="catalog.artists_merged.v1"):
    """A moderator made one artist of two; ``survivor_id`` stands for both."""

    merge_id: ArtistMergeId
    artist_id: ArtistId
    survivor_id: ArtistId

    @property
    def resource(self) -> tuple[str, str]:
        """The artist that is no longer one of its own."""
        return "artist", str(self.artist_id)


class ArtistMergeUndone(Event, frozen=True, kw_only=True, tag="catalog.artist_merge_undone.v1"):
    """A moderator told the two apart again."""

    merge_id: ArtistMergeId
    artist_id: ArtistId
    survivor_id: ArtistId

    @property
    def resource(self) -> tuple[str, str]:
        """The artist that is one of its own again."""
        return "artist", str(self.artist_id)
