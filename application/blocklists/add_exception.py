"""Except an artist or a track from every list, for one person."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.blocklists.ports import BeginBlocklists
from application.blocklists.track_ports import ListException
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.blocklists.dnp_entry import parse_note
from domain.blocklists.events import ExceptionAdded
from domain.blocklists.track import Track
from domain.shared.ids import ArtistId, EventId, ExceptionId, UserId
from domain.shared.origin import Origin
from domain.shared.state import masked_text


class ExceptionToAdd(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be played whatever a list says."""

    actor: UserId
    subject: ArtistId | Track
    note: str | None
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AddException:
    """Keep an exception; what is on the person's own list comes off that first."""

    begin: BeginBlocklists
    clock: Clock
    new_id: NewId

    async def __call__(self, command: ExceptionToAdd, /) -> ListException:
        """The exception.

        ``AlreadyExceptedError``, ``BlockedByOwnListError``, ``UnknownArtistError`` or
        ``ListFullError`` if it cannot be.
        """
        exception = ListException(
            id=ExceptionId(self.new_id()),
            user_id=command.actor,
            subject=command.subject,
            note=parse_note(command.note),
            added_at=self.clock(),
        )
        async with self.begin() as tx:
            await tx.exceptions.add(exception)
            event = ExceptionAdded(
                id=EventId(self.new_id()),
                occurred_at=exception.added_at,
                user_id=command.actor,
                exception_id=exception.id,
            )
            kind = "track" if isinstance(command.subject, Track) else "artist"
            after = {"subject": kind, "note": masked_text(exception.note)}
            await record(tx, event, command.origin, after=after)
        return exception
