"""Many entries at once in PostgreSQL: one statement each, and what it takes to undo them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from adapters.postgres.list_lock import NAMES_KEY, keep_tag_keys, locked_list, note_key
from adapters.postgres.pool import Connection
from application.blocklists.bulk_ports import BulkEdit
from domain.blocklists.bulk import (
    Added,
    AddOutcome,
    BulkChange,
    BulkKind,
    Edited,
    EditOutcome,
    Removed,
    RemoveOutcome,
    UndoneChange,
)
from domain.blocklists.dnp_entry import MAX_TAGS, Note, Tag
from domain.blocklists.errors import NothingToUndoError
from domain.blocklists.limits import UNDO_WITHIN
from domain.shared.ids import ArtistId, BulkChangeId, UserId

# What is remembered of an entry before it is changed.
SAVED = "tags, note, note_key, until, source, source_name, created_at"

# What is asked for, and the artist that is meant: of two ids of one artist the first has its turn.
_WANTED = """
wanted as (
    select w.id as asked, coalesce(r.survivor_id, w.id) as artist_id, row_number() over (
        partition by coalesce(r.survivor_id, w.id) order by w.n
    ) as turn
    from unnest(%(artist_ids)s::uuid[]) with ordinality as w (id, n)
    left join artist_redirects r on r.artist_id = w.id
)
"""
# Locked in the order of the key, as everything that changes many entries locks them.
_MINE = """
mine as materialized (
    select b.* from user_artist_blocks b
    where b.user_id = %(user_id)s and b.artist_id in (select artist_id from wanted)
      and (b.until is null or b.until > %(now)s)
    order by b.artist_id for update
)
"""


def change_of(kind: BulkKind, done: str) -> str:
    """The row of a bulk change, unless nothing was ``done``."""
    return f"""
change as (
    insert into bulk_changes (id, user_id, kind, entries, made_at)
    select %(change_id)s, %(user_id)s, '{kind}', count(*), %(now)s from {done} having count(*) > 0
)
"""  # noqa: S608


def saved_of(done: str) -> str:
    """The entries as they were before they were ``done``."""
    columns = ", ".join(f"m.{column.strip()}" for column in SAVED.split(","))
    return f"""
saved as (
    insert into bulk_change_entries (change_id, artist_id, {SAVED})
    select %(change_id)s, m.artist_id, {columns} from mine m join {done} using (artist_id)
)
"""  # noqa: S608


_ADD = f"""
with {_WANTED}, known as (
    select a.id as artist_id, a.sort_key, x.id is not null as is_excepted
    from wanted w join artists a on a.id = w.artist_id
    left join user_exceptions x on x.user_id = %(user_id)s and x.artist_id = a.id
    where w.turn = 1
), added as (
    insert into user_artist_blocks as b
        (user_id, artist_id, tags, note, note_key, until, change_id, sort_key, names_key,
         created_at)
    select l.user_id, a.artist_id, %(tags)s, %(note)s, %(note_key)s, %(until)s, %(change_id)s,
           a.sort_key, {NAMES_KEY.replace("a.id", "a.artist_id")}, %(now)s
    from known a join user_lists l on l.user_id = %(user_id)s
    where not a.is_excepted order by a.artist_id
    on conflict (user_id, artist_id) do update
    set tags = excluded.tags, note = excluded.note, note_key = excluded.note_key,
        until = excluded.until, source = excluded.source, source_name = excluded.source_name,
        change_id = excluded.change_id, created_at = excluded.created_at
    where b.until <= %(now)s
    returning artist_id
), {change_of(BulkKind.ADD, "added")}
select w.asked, case when k.artist_id is null then 'unknown' when k.is_excepted then 'excepted'
       when added.artist_id is null or w.turn > 1 then 'already_there' else 'added' end
from wanted w left join known k using (artist_id) left join added using (artist_id)
"""  # noqa: S608
_EDIT = f"""
with {_WANTED}, {_MINE}, edited as (
    select m.artist_id, t.tags,
           case when %(keeps_note)s then m.note else %(note)s end as note,
           case when %(keeps_note)s then m.note_key else %(note_key)s end as note_key,
           case when %(keeps_until)s then m.until else %(until)s end as until
    from mine m cross join lateral (
        select coalesce(array_agg(tag order by tag collate "C"), '{{}}') as tags from (
            select unnest(m.tags || %(add_tags)s::text[])
            except select unnest(%(remove_tags)s::text[])
        ) as kept (tag)
    ) t
), changed as (
    update user_artist_blocks b
    set tags = e.tags, note = e.note, note_key = e.note_key, until = e.until,
        change_id = %(change_id)s
    from edited e join mine m using (artist_id)
    where b.user_id = %(user_id)s and b.artist_id = e.artist_id
      and cardinality(e.tags) <= %(most_tags)s
      and (m.tags, m.note, m.until) is distinct from (e.tags, e.note, e.until)
    returning b.artist_id
), {saved_of("changed")}, {change_of(BulkKind.EDIT, "changed")}
select w.asked, case when e.artist_id is null then 'not_there'
       when changed.artist_id is not null and w.turn = 1 then 'changed'
       when cardinality(e.tags) > %(most_tags)s then 'too_many_tags' else 'unchanged' end
from wanted w left join edited e using (artist_id) left join changed using (artist_id)
"""  # noqa: S608
_REMOVE = f"""
with {_WANTED}, {_MINE}, removed as (
    delete from user_artist_blocks b using mine m
    where b.user_id = %(user_id)s and b.artist_id = m.artist_id returning b.artist_id
), {saved_of("removed")}, {change_of(BulkKind.REMOVE, "removed")}
select w.asked,
       case when removed.artist_id is null or w.turn > 1 then 'not_there' else 'removed' end
from wanted w left join removed using (artist_id)
"""  # noqa: S608

_TAKE_BACK = """
update bulk_changes set undone_at = %(now)s
where id = (
    select id from bulk_changes where user_id = %(user_id)s order by place desc limit 1
) and undone_at is null and made_at > %(since)s
  and (%(change_id)s::uuid is null or id = %(change_id)s)
returning id, kind, entries, made_at, undone_at
"""
_UNDO_ADD = (
    "delete from user_artist_blocks where user_id = %(user_id)s and change_id = %(change_id)s"
)
_UNDO_EDIT = """
update user_artist_blocks b
set tags = s.tags, note = s.note, note_key = s.note_key, until = s.until, change_id = null
from bulk_change_entries s left join artist_redirects r on r.artist_id = s.artist_id
where s.change_id = %(change_id)s and b.user_id = %(user_id)s
  and b.artist_id = coalesce(r.survivor_id, s.artist_id)
  and b.change_id = s.change_id
"""
_UNDO_REMOVE = f"""
insert into user_artist_blocks (user_id, artist_id, sort_key, names_key, {SAVED})
select %(user_id)s, a.id, a.sort_key, {NAMES_KEY},
       {", ".join(f"s.{column}" for column in SAVED.split(", "))}
from bulk_change_entries s left join artist_redirects r on r.artist_id = s.artist_id
join artists a on a.id = coalesce(r.survivor_id, s.artist_id)
where s.change_id = %(change_id)s and not exists (
    select from user_exceptions x where x.user_id = %(user_id)s and x.artist_id = a.id
)
order by a.id, r.artist_id is not null
on conflict (user_id, artist_id) do nothing
"""  # noqa: S608
_UNDO = {
    BulkKind.ADD: _UNDO_ADD,
    BulkKind.IMPORT: _UNDO_ADD,
    BulkKind.EDIT: _UNDO_EDIT,
    BulkKind.REMOVE: _UNDO_REMOVE,
}

Outcome = TypeVar("Outcome", AddOutcome, EditOutcome, RemoveOutcome)


class PostgresBulkChanges:
    """``BulkChanges`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(
        self,
        user_id: UserId,
        change_id: BulkChangeId,
        artist_ids: Sequence[ArtistId],
        /,
        *,
        tags: frozenset[Tag],
        note: Note | None,
        until: datetime | None,
        now: datetime,
    ) -> Added:
        """One insert."""
        values = {
            "tags": sorted(tags),
            "note": note,
            "note_key": note_key(note),
            "until": until,
            **_which(user_id, change_id, artist_ids, now),
        }
        async with locked_list(self._connection, user_id):
            await keep_tag_keys(self._connection, user_id, tags)
            return await self._outcomes(_ADD, values, AddOutcome)

    async def edit(
        self,
        user_id: UserId,
        change_id: BulkChangeId,
        artist_ids: Sequence[ArtistId],
        /,
        *,
        edit: BulkEdit,
        now: datetime,
    ) -> Edited:
        """One update."""
        note = None if edit.note is msgspec.UNSET else edit.note
        values = {
            "add_tags": sorted(edit.add_tags),
            "remove_tags": sorted(edit.remove_tags),
            "keeps_note": edit.note is msgspec.UNSET,
            "note": note,
            "note_key": note_key(note),
            "keeps_until": edit.until is msgspec.UNSET,
            "until": None if edit.until is msgspec.UNSET else edit.until,
            "most_tags": MAX_TAGS,
            **_which(user_id, change_id, artist_ids, now),
        }
        async with locked_list(self._connection, user_id):
            await keep_tag_keys(self._connection, user_id, edit.add_tags)
            return await self._outcomes(_EDIT, values, EditOutcome)

    async def remove(
        self,
        user_id: UserId,
        change_id: BulkChangeId,
        artist_ids: Sequence[ArtistId],
        /,
        *,
        now: datetime,
    ) -> Removed:
        """One delete."""
        async with locked_list(self._connection, user_id):
            which = _which(user_id, change_id, artist_ids, now)
            return await self._outcomes(_REMOVE, which, RemoveOutcome)

    async def undo(
        self, user_id: UserId, change_id: BulkChangeId | None, /, *, now: datetime
    ) -> UndoneChange:
        """Mark it, in one conditional statement; then put back what is as it left it."""
        execute = self._connection.execute
        async with locked_list(self._connection, user_id):
            marked = await execute(
                _TAKE_BACK,
                {
                    "user_id": user_id,
                    "change_id": change_id,
                    "now": now,
                    "since": now - UNDO_WITHIN,
                },
            )
            row = await marked.fetchone()
            if row is None:
                raise NothingToUndoError("Only the last bulk change of the last day can be undone.")
            change = bulk_change(row)
            undone = await execute(
                _UNDO[change.kind].encode(), {"user_id": user_id, "change_id": change.id}
            )
        return UndoneChange(
            change=change, restored=undone.rowcount, left=change.entries - undone.rowcount
        )

    async def _outcomes(
        self, statement: str, values: dict[str, Any], outcomes: type[Outcome]
    ) -> dict[ArtistId, Outcome]:
        cursor = await self._connection.execute(statement.encode(), values)
        by_value = {outcome.value: outcome for outcome in outcomes}
        return {ArtistId(row[0]): by_value[row[1]] for row in await cursor.fetchall()}


def bulk_change(row: Sequence[Any]) -> BulkChange:
    """A bulk change as it is kept: id, kind, entries, made_at, undone_at."""
    return BulkChange(
        id=row[0], kind=BulkKind(row[1]), entries=row[2], made_at=row[3], undone_at=row[4]
    )


def _which(
    user_id: UserId, change_id: BulkChangeId, artist_ids: Sequence[ArtistId], now: datetime
) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "change_id": change_id,
        "artist_ids": list(artist_ids),
        "now": now,
    }
