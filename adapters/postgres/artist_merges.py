"""Merges of artists in PostgreSQL: each table by one statement, whoever is concerned."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

import psycopg

from adapters.postgres import merge_exceptions as exceptions
from adapters.postgres import merge_statements as statements
from adapters.postgres.pool import Connection
from application.catalog.merges import MergeCounts, UndoneMerge
from domain.accounts.role import Role
from domain.catalog.errors import (
    ArtistAlreadyMergedError,
    ArtistNotFoundError,
    LaterMergeError,
    MergeAlreadyUndoneError,
    MergeNotFoundError,
)
from domain.catalog.merge import ArtistMerge
from domain.shared.ids import ArtistId, ArtistMergeId, UserId

T = TypeVar("T")

# Somebody adds the same thing to the survivor at this moment: with theirs there, it goes on.
_ATTEMPTS = 5


class PostgresModerators:
    """``Moderators`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def includes(self, user_id: UserId, /) -> bool:
        """Read and lock the person's role."""
        cursor = await self._connection.execute(
            "select role from users where id = %s for share", [user_id]
        )
        row = await cursor.fetchone()
        return row is not None and row[0] in {Role.MODERATOR, Role.ADMIN}


class PostgresArtistMerges:
    """``ArtistMerges`` inside one transaction.

    The lists that get shorter are locked first, as by everybody who changes one. Then both artists
    are, in the order of their ids, so that of two merges one is second and
    sees the first. Nothing new can reach the one that goes meanwhile: a foreign key waits for the
    lock, and then the triggers send it on.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def merge(self, merge: ArtistMerge, /) -> MergeCounts:
        """Lock, check, move."""
        pair = {"artist_id": merge.artist_id, "survivor_id": merge.survivor_id}
        await self._connection.execute(statements.PREPARE)
        await self._all(statements.LOCK_LISTS, pair)
        await self._lock(merge.artist_id, merge.survivor_id)
        if merged := await self._all(statements.MERGED, pair):
            part, whole = merged[0]
            raise ArtistAlreadyMergedError(f"{part} is part of {whole} now.")
        values = {
            **pair,
            "merge_id": merge.id,
            "merged_by": merge.merged_by,
            "merged_at": merge.merged_at,
        }
        await self._all(statements.BEGIN_MERGE, values)
        counts = await self._undisturbed(lambda: self._move(values))
        return MergeCounts(moved=counts[0], combined=counts[1])

    async def undo(self, merge_id: ArtistMergeId, now: datetime, /) -> UndoneMerge:
        """Lock, mark as undone if nobody has, move back."""
        rows = await self._all(statements.FIND, {"merge_id": merge_id})
        if not rows:
            raise MergeNotFoundError("It may be from another catalogue.")
        artist_id, survivor_id = rows[0]
        await self._connection.execute(statements.PREPARE)
        await self._all(statements.LOCK_LISTS_BACK, {"merge_id": merge_id})
        await self._lock(artist_id, survivor_id)
        values = {
            "merge_id": merge_id,
            "now": now,
            "artist_id": artist_id,
            "survivor_id": survivor_id,
        }
        if not await self._all(statements.MARK_UNDONE, values):
            raise MergeAlreadyUndoneError("Both are artists of their own.")
        if later := await self._all(statements.LATER, values):
            raise LaterMergeError(f"Undo {later[0][0]} first.")
        await self._all(statements.END_REDIRECT, values)
        await self._all(statements.REDIRECT_AS_BEFORE, values)
        await self._all(statements.IDS_BACK, values)
        await self._all(statements.NAMES_BACK, values)
        await self._all(statements.DUPLICATE_NAMES_BACK, values)
        await self._all(exceptions.EXCEPTIONS_BACK, values)
        await self._all(exceptions.DROPPED_BACK, values)
        restored = 0
        for back in (statements.ENTRIES_BACK, statements.ENTRIES_APART, exceptions.ASIDE_BACK):
            ((entries,),) = await self._all(back, values)
            restored += entries
        await self._all(statements.FORGET_ENTRIES, values)
        await self._all(exceptions.FORGET_EXCEPTIONS, values)
        return UndoneMerge(artist_id=artist_id, survivor_id=survivor_id, restored=restored)

    async def _move(self, values: dict[str, Any]) -> tuple[Any, ...]:
        await self._all(statements.REDIRECT, values)
        await self._all(statements.MOVE_IDS, values)
        await self._all(statements.DROP_DUPLICATE_NAMES, values)
        await self._all(statements.MOVE_NAMES, values)
        await self._all(exceptions.MOVE_EXCEPTIONS, values)
        await self._all(exceptions.SET_ASIDE, values)
        return (await self._all(statements.MOVE_ENTRIES, values))[0]

    async def _lock(self, artist_id: ArtistId, survivor_id: ArtistId) -> None:
        for each in sorted((artist_id, survivor_id)):
            lock = statements.LOCK_WHOLE if each == artist_id else statements.LOCK
            if not await self._all(lock, {"id": each}):
                raise ArtistNotFoundError(f"There is no artist {each}.")

    async def _undisturbed(self, move: Callable[[], Awaitable[T]]) -> T:
        for _ in range(_ATTEMPTS - 1):
            try:
                async with self._connection.transaction():
                    return await move()
            except psycopg.errors.UniqueViolation:
                continue
        return await move()

    async def _all(self, statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        cursor = await self._connection.execute(statement, values)
        return await cursor.fetchall() if cursor.description else []
