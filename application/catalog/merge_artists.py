"""Make one artist of two."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.catalog.merges import BeginCatalog, MergeCounts, require_moderator
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.catalog.events import ArtistsMerged
from domain.catalog.merge import ArtistMerge
from domain.shared.ids import ArtistId, ArtistMergeId, EventId, UserId
from domain.shared.origin import Origin


class ArtistsToMerge(msgspec.Struct, frozen=True, kw_only=True):
    """Who makes ``artist_id`` a part of ``survivor_id``."""

    actor: UserId
    artist_id: ArtistId
    survivor_id: ArtistId
    origin: Origin


class MergedArtists(msgspec.Struct, frozen=True, kw_only=True):
    """The merge, and how many lists it concerned."""

    merge: ArtistMerge
    counts: MergeCounts


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MergeArtists:
    """Give the survivor all that the other has, and let its id stand for both."""

    begin: BeginCatalog
    clock: Clock
    new_id: NewId

    async def __call__(self, command: ArtistsToMerge, /) -> MergedArtists:
        """The merge; ``SameArtistError``, ``ArtistNotFoundError``, ``ArtistAlreadyMergedError``."""
        merge = ArtistMerge(
            id=ArtistMergeId(self.new_id()),
            artist_id=command.artist_id,
            survivor_id=command.survivor_id,
            merged_by=command.actor,
            merged_at=self.clock(),
        )
        async with self.begin() as tx:
            await require_moderator(tx, command.actor)
            counts = await tx.merges.merge(merge)
            await record(
                tx,
                ArtistsMerged(
                    id=EventId(self.new_id()),
                    occurred_at=merge.merged_at,
                    user_id=command.actor,
                    merge_id=merge.id,
                    artist_id=merge.artist_id,
                    survivor_id=merge.survivor_id,
                ),
                command.origin,
                after={
                    "survivor_id": str(merge.survivor_id),
                    "moved": counts.moved,
                    "combined": counts.combined,
                },
            )
        return MergedArtists(merge=merge, counts=counts)
