"""Many entries at once, tags of whole lists, and entries whose time has come, in memory."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from application.blocklists.bulk_ports import (
    BulkEdit,
    EndedEntries,
    ListSummary,
    SourceCount,
    TagCount,
)
from application.shared.ports import Clock
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
from domain.blocklists.dnp_entry import MAX_TAGS, DnpEntry, Note, Tag
from domain.blocklists.errors import NothingToUndoError, TagNotFoundError
from domain.blocklists.limits import UNDO_WITHIN
from domain.catalog.artist_name import search_key
from domain.shared.ids import ArtistId, BulkChangeId, UserId
from tests.fakes.list_limits import check_limits, exception_of
from tests.fakes.shared import FakeDatabase, Rows, StoredChange


def keep_change(
    rows: Rows,
    user_id: UserId,
    change: BulkChange,
    done: Iterable[ArtistId],
    before: Iterable[DnpEntry] = (),
) -> None:
    """Remember a bulk change that changed something."""
    touched = list(done)
    if not touched:
        return
    change = msgspec.structs.replace(change, entries=len(touched))
    rows.changes.append(StoredChange(user_id, change, tuple(before)))
    for artist_id in touched:
        rows.touched[user_id, artist_id] = change.id


def a_change(change_id: BulkChangeId, kind: BulkKind, now: datetime) -> BulkChange:
    """One that has not changed anything yet."""
    return BulkChange(id=change_id, kind=kind, entries=0, made_at=now)


class FakeBulkChanges:
    """``BulkChanges`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

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
        """One after the other."""
        outcomes: dict[ArtistId, AddOutcome] = {}
        for asked in artist_ids:
            artist_id = self._rows.survivor_of(asked)
            there = self._rows.entries.get((user_id, artist_id))
            if artist_id not in self._rows.artists:
                outcomes[asked] = AddOutcome.UNKNOWN
            elif exception_of(self._rows, user_id, artist_id):
                outcomes[asked] = AddOutcome.EXCEPTED
            elif there is not None and not there.is_over(now):
                outcomes[asked] = AddOutcome.ALREADY_THERE
            else:
                outcomes[asked] = AddOutcome.ADDED
                self._rows.entries[user_id, artist_id] = DnpEntry(
                    user_id=user_id,
                    artist_id=artist_id,
                    tags=tags,
                    note=note,
                    until=until,
                    added_at=now,
                )
        added = [
            self._rows.survivor_of(asked)
            for asked, outcome in outcomes.items()
            if outcome is AddOutcome.ADDED
        ]
        change = a_change(change_id, BulkKind.ADD, now)
        keep_change(self._rows, user_id, change, added)
        check_limits(self._rows, user_id)
        return outcomes

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
        """One after the other."""
        outcomes: dict[ArtistId, EditOutcome] = {}
        before: list[DnpEntry] = []
        for asked in artist_ids:
            artist_id = self._rows.survivor_of(asked)
            entry = self._rows.entries.get((user_id, artist_id))
            if entry is None or entry.is_over(now):
                outcomes[asked] = EditOutcome.NOT_THERE
                continue
            tags = (entry.tags | edit.add_tags) - edit.remove_tags
            edited = entry.edited(tags=tags, note=edit.note, until=edit.until)
            if len(tags) > MAX_TAGS:
                outcomes[asked] = EditOutcome.TOO_MANY_TAGS
            elif edited == entry or artist_id in {done.artist_id for done in before}:
                outcomes[asked] = EditOutcome.UNCHANGED
            else:
                outcomes[asked] = EditOutcome.CHANGED
                before.append(entry)
                self._rows.entries[user_id, artist_id] = edited
        changed = [entry.artist_id for entry in before]
        change = a_change(change_id, BulkKind.EDIT, now)
        keep_change(self._rows, user_id, change, changed, before)
        check_limits(self._rows, user_id)
        return outcomes

    async def remove(
        self,
        user_id: UserId,
        change_id: BulkChangeId,
        artist_ids: Sequence[ArtistId],
        /,
        *,
        now: datetime,
    ) -> Removed:
        """One after the other."""
        outcomes, before = {}, []
        for asked in artist_ids:
            artist_id = self._rows.survivor_of(asked)
            entry = self._rows.entries.get((user_id, artist_id))
            if entry is None or entry.is_over(now):
                outcomes[asked] = RemoveOutcome.NOT_THERE
            else:
                outcomes[asked] = RemoveOutcome.REMOVED
                before.append(self._rows.entries.pop((user_id, artist_id)))
        gone = [entry.artist_id for entry in before]
        change = a_change(change_id, BulkKind.REMOVE, now)
        keep_change(self._rows, user_id, change, gone, before)
        for artist_id in gone:
            self._rows.touched.pop((user_id, artist_id))
        return outcomes

    async def undo(
        self, user_id: UserId, change_id: BulkChangeId | None, /, *, now: datetime
    ) -> UndoneChange:
        """What the last one left is put back."""
        mine = [(at, s) for at, s in enumerate(self._rows.changes) if s.user_id == user_id]
        if not mine:
            raise NothingToUndoError("nothing")
        index, stored = mine[-1]
        change = stored.change
        wrong = change_id is not None and change.id != change_id
        if change.undone_at is not None or change.made_at <= now - UNDO_WITHIN or wrong:
            raise NothingToUndoError("nothing")
        change = msgspec.structs.replace(change, undone_at=now)
        self._rows.changes[index] = StoredChange(user_id, change, stored.before)
        restored = self._put_back(user_id, change, stored.before)
        check_limits(self._rows, user_id)
        return UndoneChange(change=change, restored=restored, left=change.entries - restored)

    def _put_back(self, user_id: UserId, change: BulkChange, before: Sequence[DnpEntry]) -> int:
        rows = self._rows
        if change.kind in {BulkKind.ADD, BulkKind.IMPORT}:
            keys = [
                key
                for key in rows.entries
                if key[0] == user_id and rows.touched.get(key) == change.id
            ]
            for key in keys:
                del rows.entries[key]
            return len(keys)
        restored = 0
        for was in sorted(before, key=lambda entry: entry.artist_id in rows.redirects):
            entry = msgspec.structs.replace(was, artist_id=rows.survivor_of(was.artist_id))
            key = (user_id, entry.artist_id)
            if change.kind is BulkKind.EDIT:
                fits = rows.touched.get(key) == change.id and key in rows.entries
            else:
                fits = key not in rows.entries and not exception_of(rows, *key)
            if fits and entry.artist_id in rows.artists:
                rows.entries[key] = entry
                rows.touched.pop(key, None)
                restored += 1
        return restored


class FakeTagRepository:
    """``TagRepository`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def rename(
        self,
        user_id: UserId,
        change_id: BulkChangeId,
        tag: Tag,
        /,
        *,
        to: Tag | None,
        now: datetime,
    ) -> int:
        """One after the other."""
        mine = [
            entry
            for entry in self._rows.entries.values()
            if entry.user_id == user_id and tag in entry.tags and not entry.is_over(now)
        ]
        if not mine:
            raise TagNotFoundError("none")
        for entry in mine:
            tags = (entry.tags - {tag}) | ({to} if to else frozenset())
            self._rows.entries[user_id, entry.artist_id] = entry.edited(tags=tags)
        done = [entry.artist_id for entry in mine]
        change = a_change(change_id, BulkKind.EDIT, now)
        keep_change(self._rows, user_id, change, done, mine)
        check_limits(self._rows, user_id)
        return len(mine)


class FakeEndings:
    """``Endings`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def remove_some(self, limit: int, now: datetime, /) -> EndedEntries | None:
        """Of whoever comes first."""
        over = [entry for entry in self._rows.entries.values() if entry.is_over(now)]
        if not over:
            return None
        user_id = min(over, key=lambda entry: entry.until or now).user_id
        gone = [entry.artist_id for entry in over if entry.user_id == user_id][:limit]
        for artist_id in gone:
            del self._rows.entries[user_id, artist_id]
        return EndedEntries(user_id=user_id, artist_ids=gone)


class FakeListCounts:
    """``ListCounts`` over what is committed."""

    def __init__(self, database: FakeDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def tags(self, user_id: UserId, /) -> list[TagCount]:
        """Count."""
        found = Counter(tag for entry in self._of(user_id) for tag in entry.tags)
        order = sorted(found, key=lambda tag: (search_key(tag), tag))
        return [TagCount(tag=tag, entries=found[tag]) for tag in order]

    async def summary(self, user_id: UserId, /) -> ListSummary:
        """Count."""
        rows, mine = self._database.rows, self._of(user_id)
        found = Counter((e.source.kind.value, e.source.name) for e in mine)
        sources = [SourceCount(kind=k, name=name, entries=n) for (k, name), n in found.items()]
        changes = [stored.change for stored in rows.changes if stored.user_id == user_id]
        return ListSummary(
            entries=len(mine),
            temporary=sum(entry.until is not None for entry in mine),
            tracks=sum(owner == user_id for owner, _ in rows.tracks),
            exceptions=sum(x.user_id == user_id for x in rows.exceptions.values()),
            sources=sorted(sources, key=lambda s: (-s.entries, s.kind, s.name or "\uffff")),
            last_change=changes[-1] if changes else None,
        )

    def _of(self, user_id: UserId) -> list[DnpEntry]:
        entries = self._database.rows.entries.values()
        now = self._clock()
        return [e for e in entries if e.user_id == user_id and not e.is_over(now)]
