"""Put a whole file of artists on somebody's do-not-play list."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.blocklists.ports import BeginBlocklists
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.blocklists.dnp_entry import EntrySource, SourceKind, parse_source_name
from domain.blocklists.events import BlockedArtistsImported
from domain.blocklists.list_file import MAX_REJECTIONS_TOLD, Rejection, read_list
from domain.shared.ids import BulkChangeId, EventId, UserId
from domain.shared.origin import Origin


class FileToImport(msgspec.Struct, frozen=True, kw_only=True):
    """A CSV file, as it was sent, and what it is called."""

    actor: UserId
    content: bytes
    origin: Origin
    name: str | None = None


class ImportResult(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows did what; ``rejections`` holds the first thousand of the rejected.

    ``change_id`` is what it is undone by, ``None`` where nothing was added.
    """

    added: int
    already_there: int
    rejected: int
    rejections: list[Rejection]
    change_id: BulkChangeId | None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBlockedArtists:
    """Add every readable row in one transaction; to do it again changes nothing more."""

    begin: BeginBlocklists
    clock: Clock
    new_id: NewId

    async def __call__(self, command: FileToImport, /) -> ImportResult:
        """What became of the rows; ``UnreadableListError`` if the file as a whole is no list."""
        now = self.clock()
        change_id = BulkChangeId(self.new_id())
        rejections: list[Rejection] = []
        async with self.begin() as tx:
            counts = await tx.imports.run(
                command.actor,
                read_list(command.content, rejections.append),
                now=now,
                new_id=self.new_id,
                change_id=change_id,
                source=EntrySource(kind=SourceKind.IMPORT, name=parse_source_name(command.name)),
            )
            rejections.extend(counts.unknown)
            await record(
                tx,
                BlockedArtistsImported(
                    id=EventId(self.new_id()),
                    occurred_at=now,
                    user_id=command.actor,
                    added=counts.added,
                    already_there=counts.already_there,
                    rejected=len(rejections),
                ),
                command.origin,
                after={
                    "added": counts.added,
                    "already_there": counts.already_there,
                    "rejected": len(rejections),
                },
            )
        return ImportResult(
            added=counts.added,
            already_there=counts.already_there,
            rejected=len(rejections),
            rejections=sorted(rejections, key=lambda rejection: rejection.line)[
                :MAX_REJECTIONS_TOLD
            ],
            change_id=change_id if counts.added else None,
        )
