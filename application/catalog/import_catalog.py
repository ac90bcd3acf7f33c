"""Take in a dump of another catalogue."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import final

import msgspec

from application.catalog.imports import (
    Broken,
    CatalogImport,
    CatalogImports,
    DumpBatch,
    ImportStage,
    OpenDump,
)
from application.shared.ports import Clock, NewId
from domain.catalog.errors import BrokenDumpError

# Beyond this share of the source's artists, a dump that lacks them is an excerpt.
_FEW = 0.05


class ImportProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far an import has come: ``done`` of what it is doing, from 0 to 1."""

    stage: ImportStage
    done: float
    artists: int


class DumpToImport(msgspec.Struct, frozen=True, kw_only=True):
    """Where the dump is, and how to go about it.

    ``excerpt`` says that artists which it lacks are not gone; ``leave_out`` how many lines that
    cannot be read are passed over, ``batch`` how many artists a transaction takes in.
    """

    path: str
    progress: Callable[[ImportProgress], None]
    complain: Callable[[Broken], None]
    excerpt: bool = False
    leave_out: int = 0
    batch: int = 5_000


class ImportOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """The finished import; ``kept`` artists are missing from the dump and not marked as gone."""

    result: CatalogImport
    kept: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCatalog:
    """Read a dump as a stream, merge it batch by batch; killed at any point, it goes on there."""

    open_dump: OpenDump
    imports: CatalogImports
    clock: Clock
    new_id: NewId

    async def __call__(self, command: DumpToImport, /) -> ImportOutcome:
        """``BrokenDumpError`` on the first line too many that cannot be read."""
        dump = self.open_dump(command.path)
        mark = await asyncio.to_thread(dump.mark)
        async with self.imports.alone():
            state = await self.imports.begin(mark, self.new_id(), self.clock())
            if state.stage is ImportStage.READING:
                state = await self._read(command, dump.read(state.lines_read), state)
                state = await self.imports.arrange(state.id)
            state = await self._merge(command, state)
            return await self._finish(command, state)

    async def _read(
        self, command: DumpToImport, batches: Iterator[DumpBatch], state: CatalogImport
    ) -> CatalogImport:
        ahead = asyncio.create_task(asyncio.to_thread(next, batches, None))
        try:
            # The next stretch is read while the database takes this one.
            while (batch := await ahead) is not None:
                for broken in batch.broken:
                    command.complain(broken)
                if state.left_out + len(batch.broken) > command.leave_out:
                    first = batch.broken[max(0, command.leave_out - state.left_out)]
                    raise BrokenDumpError(f"{first.file}, line {first.line}: {first.reason}")
                ahead = asyncio.create_task(asyncio.to_thread(next, batches, None))
                state = await self.imports.stage(state.id, batch)
                command.progress(
                    ImportProgress(stage=ImportStage.READING, done=batch.done, artists=state.staged)
                )
        finally:
            await asyncio.wait([ahead])
        return state

    async def _merge(self, command: DumpToImport, state: CatalogImport) -> CatalogImport:
        while True:
            merged = await self.imports.merge(state.id, command.batch, self.new_id, self.clock())
            if merged is None:
                return state
            state = merged
            command.progress(
                ImportProgress(
                    stage=ImportStage.MERGING,
                    done=state.merged / max(1, state.staged),
                    artists=state.merged,
                )
            )

    async def _finish(self, command: DumpToImport, state: CatalogImport) -> ImportOutcome:
        missing, known = await self.imports.count_missing(state.id)
        partial = command.excerpt or state.left_out > 0 or missing > _FEW * known
        result = await self.imports.finish(state.id, self.clock(), mark_gone=not partial)
        await self.imports.refresh()
        return ImportOutcome(result=result, kept=missing if partial else 0)
