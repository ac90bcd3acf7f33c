"""Single tracks and exceptions in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from application.blocklists.track_ports import (
    BlockedTrack,
    ExceptionPage,
    ExceptionPosition,
    ExceptionSlice,
    ListException,
    ShownException,
    TrackPage,
    TrackPosition,
    TrackSlice,
)
from domain.blocklists.errors import (
    AlreadyExceptedError,
    BlockedByOwnListError,
    ExceptionNotFoundError,
    UnknownArtistError,
)
from domain.blocklists.track import Track, TrackAddOutcome, TrackId, TrackRemoveOutcome
from domain.shared.ids import ExceptionId, UserId
from tests.fakes.list_limits import check_limits
from tests.fakes.shared import FakeDatabase, Rows


class FakeTrackRepository:
    """``TrackRepository`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(
        self, user_id: UserId, tracks: Sequence[Track], now: datetime, /
    ) -> Mapping[TrackId, TrackAddOutcome]:
        """One after the other."""
        excepted = {
            exception.subject.id
            for exception in self._rows.exceptions.values()
            if exception.user_id == user_id and isinstance(exception.subject, Track)
        }
        outcomes = {}
        for track in tracks:
            if track.id in excepted:
                outcomes[track.id] = TrackAddOutcome.EXCEPTED
            elif (user_id, track.id) in self._rows.tracks:
                outcomes[track.id] = TrackAddOutcome.ALREADY_THERE
            else:
                outcomes[track.id] = TrackAddOutcome.ADDED
                self._rows.tracks[user_id, track.id] = BlockedTrack(track=track, added_at=now)
        check_limits(self._rows, user_id)
        return outcomes

    async def remove(
        self, user_id: UserId, ids: Sequence[TrackId], /
    ) -> Mapping[TrackId, TrackRemoveOutcome]:
        """One after the other."""
        return {
            key: TrackRemoveOutcome.REMOVED
            if self._rows.tracks.pop((user_id, key), None)
            else TrackRemoveOutcome.NOT_THERE
            for key in ids
        }


class FakeExceptionRepository:
    """``ExceptionRepository`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, exception: ListException, /) -> None:
        """Refuse what is there, what is on the list and what nobody knows."""
        user_id, subject = exception.user_id, exception.subject
        if not isinstance(subject, Track):
            subject = self._rows.survivor_of(subject)
            exception = msgspec.structs.replace(exception, subject=subject)
        key = subject.id if isinstance(subject, Track) else subject
        if isinstance(subject, Track):
            on_list = (user_id, subject.id) in self._rows.tracks
        else:
            entry = self._rows.entries.get((user_id, subject))
            on_list = entry is not None and not entry.is_over(exception.added_at)
        if on_list:
            raise BlockedByOwnListError("on the list")
        for there in self._rows.exceptions.values():
            known = there.subject.id if isinstance(there.subject, Track) else there.subject
            if there.user_id == user_id and known == key:
                raise AlreadyExceptedError("there already")
        if not isinstance(subject, Track) and subject not in self._rows.artists:
            raise UnknownArtistError("unknown")
        self._rows.exceptions[exception.id] = exception
        check_limits(self._rows, user_id)

    async def remove(self, user_id: UserId, id: ExceptionId, /) -> None:
        """Drop it."""
        there = self._rows.exceptions.get(id)
        if there is None or there.user_id != user_id:
            raise ExceptionNotFoundError("not there")
        del self._rows.exceptions[id]


class FakeTrackReader:
    """``TrackReader`` over what is committed."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    async def tracks(self, slice: TrackSlice, /) -> TrackPage:
        """Sort, cut."""

        def place(blocked: BlockedTrack) -> tuple[datetime, str, str]:
            return blocked.added_at, blocked.track.id.service.value, blocked.track.id.value

        rows = self._database.rows.tracks
        found = [blocked for (owner, _), blocked in rows.items() if owner == slice.user_id]
        found.sort(key=place, reverse=True)
        if slice.after is not None:
            after = (slice.after.added_at, slice.after.service, slice.after.id)
            found = [blocked for blocked in found if place(blocked) < after]
        cut = found[: slice.limit]
        if len(found) <= slice.limit:
            return TrackPage(tracks=cut, next=None)
        added_at, service, value = place(cut[-1])
        last = TrackPosition(added_at=added_at, service=service, id=value)
        return TrackPage(tracks=cut, next=last)

    async def exceptions(self, slice: ExceptionSlice, /) -> ExceptionPage:
        """Sort, cut."""
        rows = self._database.rows
        found = [x for x in rows.exceptions.values() if x.user_id == slice.user_id]
        found.sort(key=lambda x: (x.added_at, x.id), reverse=True)
        if slice.after is not None:
            after = (slice.after.added_at, slice.after.id)
            found = [x for x in found if (x.added_at, x.id) < after]
        shown = [
            ShownException(
                exception=x,
                name=x.subject.title
                if isinstance(x.subject, Track)
                else rows.artists[x.subject].canonical_name,
            )
            for x in found[: slice.limit]
        ]
        if len(found) <= slice.limit:
            return ExceptionPage(exceptions=shown, next=None)
        last = shown[-1].exception
        return ExceptionPage(
            exceptions=shown, next=ExceptionPosition(added_at=last.added_at, id=last.id)
        )
