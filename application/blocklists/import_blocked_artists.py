"""Put a whole file of artists on somebody's do-not-play list, or say what that would do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

import msgspec

from application.blocklists.import_ports import ImportOutcome, RowToReview, ShownRow
from application.blocklists.ports import BeginBlocklists
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.blocklists.dnp_entry import EntrySource, SourceKind, parse_source_name
from domain.blocklists.events import BlockedArtistsImported
from domain.blocklists.list_formats.row import ListRow, Rejection
from domain.blocklists.list_formats.sniffing import ListFormat, read_list, sniff
from domain.shared.ids import BulkChangeId, EventId, UserId
from domain.shared.origin import Origin

MAX_REJECTIONS_TOLD = 1_000


class FileToImport(msgspec.Struct, frozen=True, kw_only=True):
    """A file, as it was sent, and what it is called; its format is found out unless said."""

    actor: UserId
    content: bytes
    origin: Origin
    format: ListFormat | None = None
    dry_run: bool = False
    name: str | None = None


class ImportResult(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows did what, or would if it was a ``dry_run``, and the first of each kind.

    ``change_id`` is what it is undone by, ``None`` where nothing was added. ``tracks`` were not
    taken over: they go onto the list one by one.
    """

    format: ListFormat
    dry_run: bool
    added: int
    already_there: int
    needs_review: int
    rejected: int
    tracks: int
    additions: list[ShownRow]
    there: list[ShownRow]
    reviews: list[RowToReview]
    rejections: list[Rejection]
    change_id: BulkChangeId | None


class _DryRunError(Exception):
    """Undoes the transaction of a dry run."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBlockedArtists:
    """Add every readable row in one transaction; to do it again changes nothing more."""

    begin: BeginBlocklists
    clock: Clock
    new_id: NewId

    async def __call__(self, command: FileToImport, /) -> ImportResult:
        """What became of the rows; ``UnreadableListError`` if the file as a whole is no list."""
        told = sniff(command.content) if command.format is None else command.format
        reading = _Reading(command.content, told)
        now, change_id = self.clock(), BulkChangeId(self.new_id())
        source = EntrySource(kind=SourceKind.IMPORT, name=parse_source_name(command.name))
        try:
            async with self.begin() as tx:
                outcome = await tx.imports.run(
                    command.actor,
                    reading.rows(),
                    now=now,
                    new_id=self.new_id,
                    change_id=change_id,
                    source=source,
                    dry_run=command.dry_run,
                )
                kept = outcome.added > 0 and not command.dry_run
                result = reading.result(
                    outcome, dry_run=command.dry_run, change_id=change_id if kept else None
                )
                if command.dry_run:
                    raise _DryRunError
                counts = {
                    "added": result.added,
                    "already_there": result.already_there,
                    "rejected": result.rejected,
                }
                event = BlockedArtistsImported(
                    id=EventId(self.new_id()),
                    occurred_at=now,
                    user_id=command.actor,
                    **counts,
                )
                await record(tx, event, command.origin, after=dict(counts))
        except _DryRunError:
            pass
        return result


class _Reading:
    """A file under way: its artists go on, what else there is in it is counted."""

    def __init__(self, content: bytes, format: ListFormat) -> None:
        self._content = content
        self._format = format
        self._rejections: list[Rejection] = []
        self._tracks = 0

    def rows(self) -> Iterator[ListRow]:
        """The artists."""
        for row in read_list(self._content, self._format, self._rejections.append):
            if isinstance(row, ListRow):
                yield row
            else:
                self._tracks += 1

    def result(
        self, outcome: ImportOutcome, *, dry_run: bool, change_id: BulkChangeId | None
    ) -> ImportResult:
        """What there is to say, once all rows were read."""
        rejections = sorted(
            [*self._rejections, *outcome.rejected], key=lambda rejection: rejection.line
        )
        return ImportResult(
            format=self._format,
            dry_run=dry_run,
            added=outcome.added,
            already_there=outcome.already_there,
            needs_review=outcome.needs_review,
            rejected=len(rejections),
            tracks=self._tracks,
            additions=outcome.additions,
            there=outcome.there,
            reviews=outcome.reviews,
            rejections=rejections[:MAX_REJECTIONS_TOLD],
            change_id=change_id,
        )
