"""Tell two artists apart that were merged by mistake."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.catalog.merges import BeginCatalog, UndoneMerge, require_moderator
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.catalog.events import ArtistMergeUndone
from domain.shared.ids import ArtistMergeId, EventId, UserId
from domain.shared.origin import Origin


class MergeToUndo(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes back which merge."""

    actor: UserId
    merge_id: ArtistMergeId
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UndoArtistMerge:
    """Give both their names, ids and entries back; what people did since stays."""

    begin: BeginCatalog
    clock: Clock
    new_id: NewId

    async def __call__(self, command: MergeToUndo, /) -> UndoneMerge:
        """The two; ``MergeNotFoundError``, ``MergeAlreadyUndoneError``, ``LaterMergeError``."""
        now = self.clock()
        async with self.begin() as tx:
            await require_moderator(tx, command.actor)
            undone = await tx.merges.undo(command.merge_id, now)
            await record(
                tx,
                ArtistMergeUndone(
                    id=EventId(self.new_id()),
                    occurred_at=now,
                    user_id=command.actor,
                    merge_id=command.merge_id,
                    artist_id=undone.artist_id,
                    survivor_id=undone.survivor_id,
                ),
                command.origin,
                before={"survivor_id": str(undone.survivor_id)},
                after={"restored": undone.restored},
            )
        return undone
