"""Imports into a catalogue in memory, and dumps that are lists."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import msgspec

from application.catalog.imports import (
    CatalogImport,
    DumpBatch,
    DumpMark,
    ImportStage,
    SourceCount,
)
from application.shared.ports import NewId
from domain.catalog.dump_rows import Staging
from domain.catalog.errors import ImportRunningError


class FakeDump:
    """``ArtistDump`` of batches that a test has made."""

    def __init__(self, path: str, batches: list[DumpBatch]) -> None:
        self._path = path
        self._batches = batches

    def mark(self) -> DumpMark:
        """By its path."""
        return DumpMark(name=self._path, mark=self._path)

    def read(self, lines_read: Mapping[str, int], /) -> Iterator[DumpBatch]:
        """What is beyond the lines that are staged."""
        return (b for b in self._batches if b.lines > lines_read.get(b.file, 0))


class FakeCatalogImports:
    """``CatalogImports`` and ``CatalogReport``: artists by what the source calls them."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.gone: set[str] = set()
        self.ledger: list[CatalogImport] = []
        self.refreshed = 0
        self._marks: dict[UUID, str] = {}
        self._staged: list[tuple[str, str]] = []
        self._busy = False

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """One at a time."""
        if self._busy:
            raise ImportRunningError("another import is running")
        self._busy = True
        try:
            yield
        finally:
            self._busy = False

    async def begin(self, dump: DumpMark, id: UUID, now: datetime, /) -> CatalogImport:
        """The unfinished one of this dump, or a new one."""
        for known in self.ledger:
            if known.stage in {ImportStage.READING, ImportStage.MERGING}:
                if self._marks[known.id] == dump.mark:
                    return known
                self._keep(msgspec.structs.replace(known, stage=ImportStage.ABANDONED))
        self._staged = []
        self._marks[id] = dump.mark
        self.ledger.append(
            CatalogImport(
                id=id, source="musicbrainz", dump=dump.name, stage=ImportStage.READING,
                lines_read={}, staged=0, added=0, matched=0, changed=0, unchanged=0,
                contested=0, gone=0, left_out=0, started_at=now, finished_at=None,
            )
        )  # fmt: skip
        return self.ledger[-1]

    async def stage(self, id: UUID, batch: DumpBatch, /) -> CatalogImport:
        """Records and names."""
        rows = [(str(row[1]), str(row[2])) for row in batch.rows.get(Staging.ARTISTS, ())]
        self._staged += rows
        state = self._state(id)
        return self._keep(
            msgspec.structs.replace(
                state,
                lines_read=state.lines_read | {batch.file: batch.lines},
                staged=state.staged + len(rows),
                left_out=state.left_out + len(batch.broken),
            )
        )

    async def arrange(self, id: UUID, /) -> CatalogImport:
        """There is nothing to bring together."""
        return self._keep(msgspec.structs.replace(self._state(id), stage=ImportStage.MERGING))

    async def merge(
        self, id: UUID, limit: int, new_id: NewId, now: datetime, /
    ) -> CatalogImport | None:
        """By the record alone."""
        state = self._state(id)
        rows = self._staged[state.merged : state.merged + limit]
        if not rows:
            return None
        added = [record for record, _ in rows if record not in self.names]
        same = [r for r, name in rows if self.names.get(r) == name and r not in self.gone]
        self.names |= dict(rows)
        self.gone -= {record for record, _ in rows}
        return self._keep(
            msgspec.structs.replace(
                state,
                added=state.added + len(added),
                unchanged=state.unchanged + len(same),
                changed=state.changed + len(rows) - len(added) - len(same),
            )
        )

    async def count_missing(self, id: UUID, /) -> tuple[int, int]:
        """Whom the dump lacks."""
        return len(self._missing()), len(self.names.keys() - self.gone)

    async def finish(self, id: UUID, now: datetime, /, *, mark_gone: bool) -> CatalogImport:
        """Mark them."""
        missing = self._missing() if mark_gone else set()
        self.gone |= missing
        return self._keep(
            msgspec.structs.replace(
                self._state(id), stage=ImportStage.DONE, gone=len(missing), finished_at=now
            )
        )

    async def refresh(self) -> None:
        """Nobody plans anything here."""
        self.refreshed += 1

    async def sources(self) -> list[SourceCount]:
        """There is one."""
        return [
            SourceCount(
                source="musicbrainz", title="MusicBrainz core data", licence="CC0-1.0",
                artists=len(self.names), gone=len(self.gone),
            )
        ]  # fmt: skip

    async def imports(self, limit: int, /) -> list[CatalogImport]:
        """From the ledger."""
        return self.ledger[::-1][:limit]

    def _missing(self) -> set[str]:
        return self.names.keys() - self.gone - {record for record, _ in self._staged}

    def _state(self, id: UUID) -> CatalogImport:
        return next(known for known in self.ledger if known.id == id)

    def _keep(self, state: CatalogImport) -> CatalogImport:
        self.ledger = [state if known.id == state.id else known for known in self.ledger]
        return state
