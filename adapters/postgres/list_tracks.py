"""Single tracks and exceptions in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import psycopg

from adapters.postgres.errors import constraint_of
from adapters.postgres.list_lock import locked_list
from adapters.postgres.pool import Connection, Pool, fetch_all
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
from domain.blocklists.dnp_entry import Note
from domain.blocklists.errors import (
    AlreadyExceptedError,
    BlockedByOwnListError,
    ExceptionNotFoundError,
    UnknownArtistError,
)
from domain.blocklists.track import (
    Track,
    TrackAddOutcome,
    TrackId,
    TrackRegister,
    TrackRemoveOutcome,
)
from domain.shared.ids import ArtistId, ExceptionId, UserId

_ADD = """
with wanted as (
    select * from unnest(%(services)s::text[], %(ids)s::text[], %(titles)s::text[],
                         %(credits)s::text[], %(notes)s::text[])
        as w (service, external_id, title, artist_credit, note)
), excepted as (
    select service, external_id from wanted join user_exceptions x using (service, external_id)
    where x.user_id = %(user_id)s
), added as (
    insert into user_tracks
        (user_id, service, external_id, title, artist_credit, note, created_at)
    select l.user_id, w.service, w.external_id, w.title, w.artist_credit, w.note, %(now)s
    from wanted w join user_lists l on l.user_id = %(user_id)s
    where (w.service, w.external_id) not in (select service, external_id from excepted)
    order by w.service, w.external_id
    on conflict do nothing returning service, external_id
)
select w.service, w.external_id, case
    when exists (select from added a
                 where (a.service, a.external_id) = (w.service, w.external_id)) then 'added'
    when exists (select from excepted e
                 where (e.service, e.external_id) = (w.service, w.external_id)) then 'excepted'
    else 'already_there' end
from wanted w
"""
_REMOVE = """
delete from user_tracks t using unnest(%(services)s::text[], %(ids)s::text[])
    as w (service, external_id)
where t.user_id = %(user_id)s and t.service = w.service and t.external_id = w.external_id
returning t.service, t.external_id
"""
_TRACKS = """
select service, external_id, title, artist_credit, note, created_at from user_tracks
where user_id = %(user_id)s {after}
order by created_at desc, service desc, external_id desc limit %(fetch)s
"""
_AFTER_TRACK = """
and (created_at, service, external_id) < (%(added_at)s::timestamptz, %(service)s, %(id)s)
"""
_EXCEPT = """
insert into user_exceptions
    (id, user_id, artist_id, service, external_id, title, artist_credit, note, created_at)
values (%(id)s, %(user_id)s, survivor_of(%(artist_id)s::uuid), %(service)s, %(external_id)s,
        %(title)s, %(artist_credit)s, %(note)s, %(now)s)
"""
_ON_LIST = """
select from user_artist_blocks
where user_id = %(user_id)s and artist_id = survivor_of(%(artist_id)s::uuid)
    and (until is null or until > %(now)s)
union all
select from user_tracks where user_id = %(user_id)s and service = %(service)s
    and external_id = %(external_id)s
"""
_EXCEPTIONS = """
select x.id, x.artist_id, x.service, x.external_id, x.title, x.artist_credit, x.note, x.created_at,
       a.canonical_name
from user_exceptions x left join artists a on a.id = x.artist_id
where x.user_id = %(user_id)s {after}
order by x.created_at desc, x.id desc limit %(fetch)s
"""
_AFTER_EXCEPTION = "and (x.created_at, x.id) < (%(added_at)s::timestamptz, %(id)s::uuid)"


class PostgresTrackRepository:
    """``TrackRepository`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(
        self, user_id: UserId, tracks: Sequence[Track], now: datetime, /
    ) -> Mapping[TrackId, TrackAddOutcome]:
        """One insert."""
        values = {
            "user_id": user_id,
            "titles": [track.title for track in tracks],
            "credits": [track.artist_credit for track in tracks],
            "notes": [track.note for track in tracks],
            "now": now,
            **_keys([track.id for track in tracks]),
        }
        async with locked_list(self._connection, user_id):
            cursor = await self._connection.execute(_ADD, values)
            return {_track_id(row): TrackAddOutcome(row[2]) for row in await cursor.fetchall()}

    async def remove(
        self, user_id: UserId, ids: Sequence[TrackId], /
    ) -> Mapping[TrackId, TrackRemoveOutcome]:
        """One delete."""
        async with locked_list(self._connection, user_id):
            cursor = await self._connection.execute(_REMOVE, {"user_id": user_id, **_keys(ids)})
            gone = {_track_id(row) for row in await cursor.fetchall()}
        return {
            track_id: TrackRemoveOutcome.REMOVED
            if track_id in gone
            else TrackRemoveOutcome.NOT_THERE
            for track_id in ids
        }


class PostgresExceptionRepository:
    """``ExceptionRepository`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, exception: ListException, /) -> None:
        """Look whether it is on the list, under its lock; then insert."""
        subject = exception.subject
        track = subject if isinstance(subject, Track) else None
        values = {
            "id": exception.id,
            "user_id": exception.user_id,
            "artist_id": None if track else subject,
            "service": track.id.service.value if track else None,
            "external_id": track.id.value if track else None,
            "title": track.title if track else None,
            "artist_credit": track.artist_credit if track else None,
            "note": exception.note,
            "now": exception.added_at,
        }
        async with locked_list(self._connection, exception.user_id):
            on_list = await self._connection.execute(_ON_LIST, values)
            if await on_list.fetchone() is not None:
                raise BlockedByOwnListError("Take it off your list first, then except it.")
            try:
                await self._connection.execute(_EXCEPT, values)
            except psycopg.errors.UniqueViolation as error:
                raise AlreadyExceptedError("It is in your exceptions; nothing to do.") from error
            except psycopg.errors.ForeignKeyViolation as error:
                if constraint_of(error) != "user_exceptions_artist_id_fkey":
                    raise
                raise UnknownArtistError("Search for the artist and use its id.") from error

    async def remove(self, user_id: UserId, id: ExceptionId, /) -> None:
        """Delete one row."""
        async with locked_list(self._connection, user_id):
            cursor = await self._connection.execute(
                "delete from user_exceptions where user_id = %s and id = %s", [user_id, id]
            )
        if cursor.rowcount == 0:
            raise ExceptionNotFoundError("It may have been taken back already.")


class PostgresTrackReader:
    """``TrackReader``: one more row than asked for says whether there is more."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def tracks(self, slice: TrackSlice, /) -> TrackPage:
        """By the index of the newest."""
        values: dict[str, object] = {"user_id": slice.user_id, "fetch": slice.limit + 1}
        if slice.after is not None:
            after = slice.after
            values |= {"added_at": after.added_at, "service": after.service, "id": after.id}
        query = _TRACKS.format(after=_AFTER_TRACK if slice.after else "")
        rows = await fetch_all(self._pool, query, values)
        tracks = [
            BlockedTrack(track=_track(row[:5]), added_at=row[5]) for row in rows[: slice.limit]
        ]
        if len(rows) <= slice.limit:
            return TrackPage(tracks=tracks, next=None)
        last = tracks[-1]
        return TrackPage(
            tracks=tracks,
            next=TrackPosition(
                added_at=last.added_at,
                service=last.track.id.service.value,
                id=last.track.id.value,
            ),
        )

    async def exceptions(self, slice: ExceptionSlice, /) -> ExceptionPage:
        """By the index of the newest."""
        values: dict[str, object] = {"user_id": slice.user_id, "fetch": slice.limit + 1}
        if slice.after is not None:
            values |= {"added_at": slice.after.added_at, "id": slice.after.id}
        query = _EXCEPTIONS.format(after=_AFTER_EXCEPTION if slice.after else "")
        rows = await fetch_all(self._pool, query, values)
        found = [_exception(slice.user_id, row) for row in rows[: slice.limit]]
        if len(rows) <= slice.limit:
            return ExceptionPage(exceptions=found, next=None)
        last = found[-1].exception
        return ExceptionPage(
            exceptions=found, next=ExceptionPosition(added_at=last.added_at, id=last.id)
        )


def _keys(ids: Sequence[TrackId]) -> dict[str, list[str]]:
    return {
        "services": [track_id.service.value for track_id in ids],
        "ids": [track_id.value for track_id in ids],
    }


def _track_id(row: Sequence[Any]) -> TrackId:
    return TrackId(service=TrackRegister(row[0]), value=row[1])


def _track(row: Sequence[Any]) -> Track:
    return Track(
        id=_track_id(row),
        title=row[2],
        artist_credit=row[3],
        note=None if row[4] is None else Note(row[4]),
    )


def _exception(user_id: UserId, row: Sequence[Any]) -> ShownException:
    track = _track([*row[2:6], None]) if row[1] is None else None
    subject = track or ArtistId(row[1])
    return ShownException(
        exception=ListException(
            id=row[0], user_id=user_id, subject=subject, note=row[6], added_at=row[7]
        ),
        name=track.title if track else row[8],
    )
