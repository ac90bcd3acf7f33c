"""Merges of artists in memory, and the way back."""

from dataclasses import replace
from datetime import datetime

import msgspec

from application.blocklists.track_ports import ListException
from application.catalog.merges import MergeCounts, UndoneMerge
from domain.blocklists.bulk import BulkKind
from domain.blocklists.dnp_entry import MAX_NOTE_LENGTH, MAX_TAGS, DnpEntry, Note, SourceKind
from domain.catalog.errors import (
    ArtistAlreadyMergedError,
    ArtistNotFoundError,
    LaterMergeError,
    MergeAlreadyUndoneError,
    MergeNotFoundError,
)
from domain.catalog.merge import ArtistMerge
from domain.shared.ids import ArtistId, ArtistMergeId, BulkChangeId
from tests.fakes.list_limits import exception_of
from tests.fakes.shared import Rows, StoredMerge


def combined(ours: DnpEntry, theirs: DnpEntry) -> DnpEntry:
    """What two entries of one person are together."""
    tags = [*sorted(ours.tags), *sorted(theirs.tags - ours.tags)][:MAX_TAGS]
    note = ours.note or theirs.note
    if ours.note and theirs.note and ours.note != theirs.note:
        both = f"{ours.note}\n\n{theirs.note}"
        note = Note(both) if len(both) <= MAX_NOTE_LENGTH else ours.note
    own = theirs.source.kind is SourceKind.OWN
    return msgspec.structs.replace(
        ours,
        tags=frozenset(tags),
        note=note,
        added_at=min(ours.added_at, theirs.added_at),
        until=max(ours.until, theirs.until) if ours.until and theirs.until else None,
        source=theirs.source if own else ours.source,
    )


class FakeArtistMerges:
    """``ArtistMerges`` on a copy of the rows."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def merge(self, merge: ArtistMerge, /) -> MergeCounts:
        """One thing after another."""
        rows, part, whole = self._rows, merge.artist_id, merge.survivor_id
        for artist_id in (part, whole):
            if artist_id not in rows.artists:
                raise ArtistNotFoundError("unknown")
            if artist_id in rows.redirects:
                raise ArtistAlreadyMergedError("merged")
        ids = tuple(known for known, artist_id in rows.external_ids.items() if artist_id == part)
        names = rows.names.get(part, [])
        new = tuple(name for name in names if name not in rows.names.get(whole, []))
        exceptions = self._move_exceptions(part, whole)
        aside = tuple(
            entry
            for (user_id, artist_id), entry in rows.entries.items()
            if artist_id in {part, whole} and exception_of(rows, user_id, whole)
        )
        touched = {key: rows.touched[key] for key in rows.touched if key[1] in {part, whole}}
        for entry in aside:
            self._take_off(entry)
        entries = [entry for (_, artist_id), entry in rows.entries.items() if artist_id == part]
        both = tuple(
            (ours, theirs, combined(ours, theirs))
            for theirs in entries
            if (ours := rows.entries.get((theirs.user_id, whole)))
        )
        stored = StoredMerge(
            merge=merge,
            ids=ids,
            names=new,
            duplicate_names=tuple(name for name in names if name not in new),
            moved=tuple(e for e in entries if (e.user_id, whole) not in rows.entries),
            combined=both,
            aside=aside,
            exceptions=exceptions,
            touched=touched,
            redirected=tuple(a for a, meant in rows.redirects.items() if meant == part),
        )
        rows.merges[merge.id] = stored
        rows.external_ids.update(dict.fromkeys(ids, whole))
        rows.names[whole] = [*rows.names.get(whole, []), *new]
        rows.names[part] = []
        rows.redirects.update(dict.fromkeys((*stored.redirected, part), whole))
        for entry in stored.moved:
            self._take_off(entry)
            self._put_on(msgspec.structs.replace(entry, artist_id=whole), stored, part)
        for ours, theirs, together in both:
            self._take_off(ours)
            self._take_off(theirs)
            rows.entries[together.user_id, whole] = together
            change_id = touched.get((ours.user_id, part))
            if change_id == touched.get((ours.user_id, whole)) and self._added(change_id):
                rows.touched[ours.user_id, whole] = touched[ours.user_id, whole]
        self._copy_ids(part, whole)
        return MergeCounts(moved=len(stored.moved), combined=len(both))

    async def undo(self, merge_id: ArtistMergeId, now: datetime, /) -> UndoneMerge:
        """The same backwards."""
        rows, stored = self._rows, self._rows.merges.get(merge_id)
        if stored is None:
            raise MergeNotFoundError("unknown")
        if stored.undone_at is not None:
            raise MergeAlreadyUndoneError("undone")
        part, whole = stored.merge.artist_id, stored.merge.survivor_id
        later = list(rows.merges)[list(rows.merges).index(merge_id) + 1 :]
        for other in (rows.merges[each] for each in later):
            if other.undone_at is None and whole in {
                other.merge.artist_id,
                other.merge.survivor_id,
            }:
                raise LaterMergeError(f"Undo {other.merge.id} first.")
        rows.merges[merge_id] = replace(stored, undone_at=now)
        del rows.redirects[part]
        rows.redirects.update(dict.fromkeys(stored.redirected, part))
        rows.external_ids.update(dict.fromkeys(stored.ids, part))
        rows.names[whole] = [name for name in rows.names[whole] if name not in stored.names]
        rows.names[part] = [*stored.names, *stored.duplicate_names]
        self._give_exceptions_back(stored)
        restored = sum([self._give_back(entry, whole) for entry in stored.moved])
        restored += sum([self._tell_apart(stored, *entries) for entries in stored.combined])
        for entry in stored.aside:
            key = (entry.user_id, entry.artist_id)
            if key not in rows.entries and not exception_of(rows, *key):
                self._put_on(entry, stored, entry.artist_id)
                restored += 1
        self._copy_ids(part, whole)
        return UndoneMerge(artist_id=part, survivor_id=whole, restored=restored)

    def _give_back(self, was: DnpEntry, whole: ArtistId) -> bool:
        entry = self._rows.entries.get((was.user_id, whole))
        if entry is None or entry.added_at != was.added_at:
            return False
        change_id = self._rows.touched.get((was.user_id, whole))
        self._take_off(entry)
        back = msgspec.structs.replace(entry, artist_id=was.artist_id)
        self._rows.entries[was.user_id, was.artist_id] = back
        if change_id:
            self._rows.touched[was.user_id, was.artist_id] = change_id
        return True

    def _tell_apart(
        self, stored: StoredMerge, ours: DnpEntry, theirs: DnpEntry, together: DnpEntry
    ) -> bool:
        entry = self._rows.entries.get((ours.user_id, ours.artist_id))
        if entry is None or entry.added_at != together.added_at:
            return False
        changed = msgspec.structs.replace(entry, added_at=ours.added_at, source=ours.source)
        if entry == together:
            self._put_on(ours, stored, ours.artist_id)
        else:
            self._rows.entries[ours.user_id, ours.artist_id] = changed
        self._put_on(theirs, stored, theirs.artist_id)
        return True

    def _take_off(self, entry: DnpEntry) -> None:
        del self._rows.entries[entry.user_id, entry.artist_id]
        self._rows.touched.pop((entry.user_id, entry.artist_id), None)

    def _put_on(self, entry: DnpEntry, stored: StoredMerge, was: ArtistId) -> None:
        """With what touched it last before the merge, when it was that of ``was``."""
        key = (entry.user_id, entry.artist_id)
        self._rows.entries[key] = entry
        if change_id := stored.touched.get((entry.user_id, was)):
            self._rows.touched[key] = change_id

    def _added(self, change_id: BulkChangeId | None) -> bool:
        return any(
            stored.change.id == change_id and stored.change.kind in {BulkKind.ADD, BulkKind.IMPORT}
            for stored in self._rows.changes
        )

    def _move_exceptions(self, part: ArtistId, whole: ArtistId) -> tuple[ListException, ...]:
        """Those of the one that goes, as they were; who has both keeps the survivor's."""
        rows = self._rows
        moved = tuple(x for x in rows.exceptions.values() if x.subject == part)
        for exception in moved:
            if exception_of(rows, exception.user_id, whole):
                del rows.exceptions[exception.id]
            else:
                rows.exceptions[exception.id] = msgspec.structs.replace(exception, subject=whole)
        return moved

    def _give_exceptions_back(self, stored: StoredMerge) -> None:
        whole = stored.merge.survivor_id
        for was in stored.exceptions:
            there = self._rows.exceptions.get(was.id)
            if there or exception_of(self._rows, was.user_id, whole):
                self._rows.exceptions[was.id] = was

    def _copy_ids(self, *artist_ids: ArtistId) -> None:
        for artist_id in artist_ids:
            known = sorted(
                (k for k, owner in self._rows.external_ids.items() if owner == artist_id),
                key=lambda k: k.value,
                reverse=True,
            )
            self._rows.artists[artist_id] = msgspec.structs.replace(
                self._rows.artists[artist_id], external_ids={k.service: k.value for k in known}
            )
