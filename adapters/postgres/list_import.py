"""Whole files onto a list: one COPY, then a handful of statements on all rows at once."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from adapters.postgres import import_statements as sql
from adapters.postgres.import_staging import Staged, stage
from adapters.postgres.list_lock import keep_tag_keys, locked_list
from adapters.postgres.pool import Connection
from application.blocklists.import_ports import (
    MAX_CANDIDATES,
    MAX_REVIEWS_TOLD,
    MAX_ROWS_SHOWN,
    Candidate,
    ImportOutcome,
    ReviewReason,
    RowToReview,
    ShownRow,
)
from domain.blocklists.dnp_entry import EntrySource
from domain.blocklists.errors import ListFullError
from domain.blocklists.limits import MAX_ENTRIES
from domain.blocklists.list_formats.row import ListRow, Rejection, RejectionCode
from domain.shared.ids import ArtistId, BulkChangeId, UserId

TAKING_IN = 0x696D706F7274  # "import": one transaction at a time takes new artists in
# Longer than usual, within the deadline of the request: 100,000 new artists take some seconds.
_TAKE_TIME = "set local statement_timeout = '25s'"
_WAIT_FOR_OTHERS = "set local lock_timeout = '9s'"
_REASONS = {
    "nobody": (RejectionCode.UNKNOWN_ID, "id: there is no artist with this id"),
    "nameless": (
        RejectionCode.UNNAMED,
        "id: no artist here has this id, and the file gives no name for a new one",
    ),
    "over": (RejectionCode.OVER, "until: this time has passed"),
    "excepted": (RejectionCode.EXCEPTED, "artist: you have excepted this artist"),
}
_REVIEW_REASONS = {
    "name_only": ReviewReason.NAME_ONLY,
    "disagrees": ReviewReason.IDS_DISAGREE,
}
# Until autovacuum comes by, the planner knows nothing of so many new rows and sorts whole lists
# to show a page: 24 ms in place of 0.1. Only samples are read, whatever the size of the tables.
_MANY = 1_000
_ANALYZE_LISTS = "analyze (skip_locked) user_artist_blocks"
_ANALYZE_CATALOGUE = "analyze (skip_locked) artists, artist_names, artist_external_ids"


class PostgresListImport:
    """``ListImport`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def run(
        self,
        user_id: UserId,
        rows: Iterable[ListRow],
        /,
        *,
        now: datetime,
        new_id: Callable[[], UUID],
        change_id: BulkChangeId,
        source: EntrySource,
        dry_run: bool,
    ) -> ImportOutcome:
        """Stage, resolve, look at the first rows; unless it is dry, take in and add."""
        execute = self._connection.execute
        await execute(_TAKE_TIME)
        staged = await stage(self._connection, rows)
        newcomers = await self._resolve(staged)
        if newcomers and not dry_run:
            # Two files with the same newcomer: the second waits here and then finds it.
            await execute(_WAIT_FOR_OTHERS)
            await execute("select pg_advisory_xact_lock(%s)", [TAKING_IN])
            await execute("drop table import_verdicts")
            newcomers = await self._resolve(staged)
        if newcomers:
            ids = [new_id() for _ in newcomers]
            await execute(sql.NAME_NEWCOMERS, {"rows": newcomers, "ids": ids})
        values = {"user_id": user_id, "now": now}
        if dry_run:
            outcome = await self._look(values, newcomers=bool(newcomers))
            await self._check_room(outcome, values)
            return outcome
        # The list itself is locked at the end: until here, others change it as they like.
        await execute(_WAIT_FOR_OTHERS)
        async with locked_list(self._connection, user_id):
            outcome = await self._look(values, newcomers=bool(newcomers))
            if newcomers:
                if outcome.rejected:
                    await execute(sql.UNNAMED)
                await execute(sql.TAKE_IN, values)
            await keep_tag_keys(self._connection, user_id, sorted(staged.tags))
            kept = {
                "change_id": change_id,
                "source": source.kind.value,
                "source_name": source.name,
            }
            added = await self._fetch(sql.ADD, values | kept)
        if added and added[0][0] > _MANY:
            await execute(_ANALYZE_LISTS)
        if len(newcomers) > _MANY:
            await execute(_ANALYZE_CATALOGUE)
        return outcome

    async def _check_room(self, outcome: ImportOutcome, values: dict[str, object]) -> None:
        """Refuse what the list would refuse if it was not dry."""
        size = await self._fetch(sql.SIZE, values)
        if size and size[0][0] + outcome.added > MAX_ENTRIES:
            raise ListFullError(f"A list has at most {MAX_ENTRIES:,} entries.")

    async def _resolve(self, staged: Staged) -> list[int]:
        """Say whose each row is; the first rows of artists that the catalogue lacks."""
        several, own = staged.has_several_ids, staged.has_own_ids
        await self._connection.execute(sql.resolve(several_ids=several, own_ids=own))
        if several:
            await self._connection.execute(sql.UNTANGLE)
        return [row for (row,) in await self._fetch(sql.NEWCOMERS)]

    async def _look(self, values: dict[str, object], *, newcomers: bool) -> ImportOutcome:
        """Say what becomes of each row, as things stand."""
        await self._connection.execute(sql.entries(newcomers=newcomers), values)
        ((to_add, there),) = await self._fetch(sql.COUNT_ENTRIES)
        ((reviews,),) = await self._fetch(sql.COUNT_REVIEWS)
        first: dict[str, object] = {"limit": MAX_ROWS_SHOWN}
        return ImportOutcome(
            added=to_add,
            already_there=there,
            needs_review=reviews,
            rejected=[
                Rejection(line=line, code=_REASONS[verdict][0], reason=_REASONS[verdict][1])
                for line, verdict in await self._fetch(sql.REJECTED)
            ],
            additions=_shown(await self._fetch(sql.ADDITIONS, first)),
            there=_shown(await self._fetch(sql.THERE, first)) if there else [],
            reviews=await self._reviews(values) if reviews else [],
        )

    async def _reviews(self, values: dict[str, object]) -> list[RowToReview]:
        rows = await self._fetch(
            sql.REVIEWS,
            {"limit": MAX_REVIEWS_TOLD, "candidates": MAX_CANDIDATES, **values},
        )
        reviews: dict[int, RowToReview] = {}
        for line, name, verdict, *candidate in rows:
            review = reviews.setdefault(
                line,
                RowToReview(line=line, name=name, reason=_REVIEW_REASONS[verdict], candidates=[]),
            )
            if candidate[0] is not None:
                review.candidates.append(
                    Candidate(
                        id=candidate[0],
                        canonical_name=candidate[1],
                        external_ids=candidate[2],
                        is_listed=candidate[3],
                    )
                )
        return list(reviews.values())

    async def _fetch(
        self, statement: str, parameters: dict[str, object] | None = None
    ) -> list[tuple[Any, ...]]:
        async with self._connection.cursor(binary=True) as cursor:
            await cursor.execute(statement, parameters)
            return await cursor.fetchall()


def _shown(rows: list[tuple[Any, ...]]) -> list[ShownRow]:
    return [
        ShownRow(line=line, name=name, artist_id=None if artist is None else ArtistId(artist))
        for line, name, artist in rows
    ]
