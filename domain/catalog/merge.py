"""Two artists that are one: which becomes part of which, and who said so."""

from datetime import datetime

import msgspec

from domain.catalog.errors import SameArtistError
from domain.shared.ids import ArtistId, ArtistMergeId, UserId


class ArtistMerge(msgspec.Struct, frozen=True, kw_only=True):
    """``artist_id`` has become part of ``survivor_id``, under whose id both are answered."""

    id: ArtistMergeId
    artist_id: ArtistId
    survivor_id: ArtistId
    merged_by: UserId
    merged_at: datetime

    def __post_init__(self) -> None:
        if self.artist_id == self.survivor_id:
            raise SameArtistError("Name another artist to merge it into.")
