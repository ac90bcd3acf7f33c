"""What an import of another catalogue needs from the outside."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

import msgspec

from application.shared.ports import NewId
from domain.catalog.dump_rows import Cell, Staging


class DumpMark(msgspec.Struct, frozen=True, kw_only=True):
    """Which dump it is: its name, and what tells it from another of that name."""

    name: str
    mark: str


class Broken(msgspec.Struct, frozen=True, kw_only=True):
    """A line that could not be read, and why."""

    file: str
    line: int
    reason: str


class DumpBatch(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of one file of a dump.

    ``lines`` is how many of the file have been read with this batch, ``done`` how much of the
    whole dump that is, from 0 to 1.
    """

    file: str
    lines: int
    done: float
    rows: Mapping[Staging, list[tuple[Cell, ...]]]
    broken: tuple[Broken, ...] = ()


class ArtistDump(Protocol):
    """A dump of artists on this machine."""

    def mark(self) -> DumpMark:
        """Which one it is; ``BrokenDumpError`` where there is none or it is none."""
        ...

    def read(self, lines_read: Mapping[str, int], /) -> Iterator[DumpBatch]:
        """The rest of it, in order; blocking, and in memory that does not grow with it.

        ``lines_read`` says of each file how many lines of it are staged already. Ends with
        ``BrokenDumpError`` where the dump lacks a file or breaks off.
        """
        ...


OpenDump = Callable[[str], ArtistDump]


class ImportStage(StrEnum):
    """How far an import has come."""

    READING = "reading"
    MERGING = "merging"
    DONE = "done"
    ABANDONED = "abandoned"


class CatalogImport(msgspec.Struct, frozen=True, kw_only=True):
    """One import, as the catalogue remembers it.

    ``added`` artists are new, ``matched`` were known from lists, ``changed`` and ``unchanged``
    from an import before; ``contested`` ids belong to another artist here; ``gone`` artists are
    no longer in the dump; ``left_out`` lines could not be read.
    """

    id: UUID
    source: str
    dump: str
    stage: ImportStage
    lines_read: dict[str, int]
    staged: int
    added: int
    matched: int
    changed: int
    unchanged: int
    contested: int
    gone: int
    left_out: int
    started_at: datetime
    finished_at: datetime | None

    @property
    def merged(self) -> int:
        """How many artists of the dump are in the catalogue."""
        return self.added + self.matched + self.changed + self.unchanged


class SourceCount(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the catalogue is from one source, and under which licence."""

    source: str
    title: str
    licence: str | None
    artists: int
    gone: int


class CatalogImports(Protocol):
    """Imports into the catalogue; each method is one transaction, and readers never wait.

    What was committed is never done again: whoever is killed goes on from there.
    """

    def alone(self) -> AbstractAsyncContextManager[None]:
        """All the rest happens inside; ``ImportRunningError`` while somebody else is."""
        ...

    async def begin(self, dump: DumpMark, id: UUID, now: datetime, /) -> CatalogImport:
        """The unfinished import of this very dump, or a new one; another one is abandoned.

        Where what was staged has been lost, reading begins again.
        """
        ...

    async def stage(self, id: UUID, batch: DumpBatch, /) -> CatalogImport:
        """Keep what a dump says; nobody sees it yet."""
        ...

    async def arrange(self, id: UUID, /) -> CatalogImport:
        """The whole dump has been read: bring together what is in different files of it."""
        ...

    async def merge(
        self, id: UUID, limit: int, new_id: NewId, now: datetime, /
    ) -> CatalogImport | None:
        """Take in the next ``limit`` artists at most; ``None`` where no more are left.

        An artist is known by its MusicBrainz id, else by an id on a service that a list has
        brought; it stays the same artist, with whatever lists it is on. What the source no
        longer says of an artist goes, what others have said stays.
        """
        ...

    async def count_missing(self, id: UUID, /) -> tuple[int, int]:
        """Artists of the source that the dump does not have, and how many the source has."""
        ...

    async def finish(self, id: UUID, now: datetime, /, *, mark_gone: bool) -> CatalogImport:
        """Give ids that have become free to who claims them, and mark who is missing as gone.

        Nobody is removed: whoever blocks an artist goes on doing so.
        """
        ...

    async def refresh(self) -> None:
        """Tell the planner of what has been added."""
        ...


class CatalogReport(Protocol):
    """What the catalogue is made of."""

    async def sources(self) -> list[SourceCount]:
        """From where how many artists are, the most first."""
        ...

    async def imports(self, limit: int, /) -> list[CatalogImport]:
        """The last imports, newest first."""
        ...
