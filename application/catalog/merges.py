"""What merging artists needs from the outside."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import msgspec

from application.shared.ports import AuditLog, Outbox
from domain.catalog.errors import NotAModeratorError
from domain.catalog.merge import ArtistMerge
from domain.shared.ids import ArtistId, ArtistMergeId, UserId


class MergeCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Lists on which the survivor took the other's place, and those that had both."""

    moved: int
    combined: int


class UndoneMerge(msgspec.Struct, frozen=True, kw_only=True):
    """Which two were told apart, and the lists on which the first is back."""

    artist_id: ArtistId
    survivor_id: ArtistId
    restored: int


class ArtistMerges(Protocol):
    """Merges and the way back. The cost is that of one statement a table, whoever is concerned."""

    async def merge(self, merge: ArtistMerge, /) -> MergeCounts:
        """Give the survivor all that the other has: names, ids, and its place on lists.

        Who has both on the list keeps one entry: the tags of both (the survivor's first, up to
        what an entry may have), both notes where there is room, the earlier date and the later
        end; it is the person's own if either was. Exceptions move likewise, and win: an entry for
        one of the two goes where the other is excepted. All of it is kept as it was.
        ``ArtistNotFoundError``, or ``ArtistAlreadyMergedError`` where one of the two has become
        part of another.
        """
        ...

    async def undo(self, merge_id: ArtistMergeId, now: datetime, /) -> UndoneMerge:
        """Tell the two apart again, with their names, ids and entries.

        What people did since stays: an entry that they changed keeps the change, one that they
        took off stays off, one that they added stays with the survivor. ``MergeNotFoundError``,
        ``MergeAlreadyUndoneError``, or ``LaterMergeError`` where a later one has to go first.
        """
        ...


class Moderators(Protocol):
    """Who may change the catalogue."""

    async def includes(self, user_id: UserId, /) -> bool:
        """Whether the person may, at this moment and until the transaction ends."""
        ...


class CatalogTransaction(Protocol):
    """All of it or nothing: commits on a clean exit, rolls back on any exception."""

    @property
    def merges(self) -> ArtistMerges:
        """Merges of artists."""
        ...

    @property
    def moderators(self) -> Moderators:
        """Who may merge them."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Events of this transaction."""
        ...

    @property
    def audit(self) -> AuditLog:
        """Audit records of this transaction."""
        ...


BeginCatalog = Callable[[], AbstractAsyncContextManager[CatalogTransaction]]


async def require_moderator(tx: CatalogTransaction, user_id: UserId) -> None:
    """``NotAModeratorError`` for anybody who may not change the catalogue."""
    if not await tx.moderators.includes(user_id):
        raise NotAModeratorError("An administrator can make you a moderator.")
