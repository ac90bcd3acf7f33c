"""Who is who in memory: artists by id and name, merges and the way back."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

import msgspec

from application.catalog.directory import ArtistDetails, Findings, MergedArtist
from application.catalog.merges import BeginCatalog, MergeCounts, UndoneMerge
from application.catalog.ports import Artist
from domain.accounts.role import Role
from domain.blocklists.dnp_entry import MAX_NOTE_LENGTH, MAX_TAGS, DnpEntry, Note
from domain.catalog.artist_name import search_key
from domain.catalog.errors import (
    ArtistAlreadyMergedError,
    ArtistNotFoundError,
    LaterMergeError,
    MergeAlreadyUndoneError,
    MergeNotFoundError,
)
from domain.catalog.merge import ArtistMerge
from domain.catalog.resolution import Match, Question, Way
from domain.shared.external_id import ExternalId
from domain.shared.ids import ArtistId, ArtistMergeId, UserId
from tests.fakes.shared import FakeAuditLog, FakeDatabase, FakeOutbox, Rows, StoredMerge


def combined(ours: DnpEntry, theirs: DnpEntry) -> DnpEntry:
    """What two entries of one person are together."""
    tags = [*sorted(ours.tags), *sorted(theirs.tags - ours.tags)][:MAX_TAGS]
    note = ours.note or theirs.note
    if ours.note and theirs.note and ours.note != theirs.note:
        both = f"{ours.note}\n\n{theirs.note}"
        note = Note(both) if len(both) <= MAX_NOTE_LENGTH else ours.note
    return msgspec.structs.replace(
        ours, tags=frozenset(tags), note=note, added_at=min(ours.added_at, theirs.added_at)
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
            redirected=tuple(a for a, meant in rows.redirects.items() if meant == part),
        )
        rows.merges[merge.id] = stored
        rows.external_ids.update(dict.fromkeys(ids, whole))
        rows.names[whole] = [*rows.names.get(whole, []), *new]
        rows.names[part] = []
        rows.redirects.update(dict.fromkeys((*stored.redirected, part), whole))
        for entry in entries:
            del rows.entries[entry.user_id, part]
        for entry in stored.moved:
            moved = msgspec.structs.replace(entry, artist_id=whole)
            rows.entries[entry.user_id, whole] = moved
        for _, _, together in both:
            rows.entries[together.user_id, whole] = together
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
        restored = sum([self._give_back(entry, whole) for entry in stored.moved])
        restored += sum([self._tell_apart(*entries) for entries in stored.combined])
        self._copy_ids(part, whole)
        return UndoneMerge(artist_id=part, survivor_id=whole, restored=restored)

    def _give_back(self, was: DnpEntry, whole: ArtistId) -> bool:
        entry = self._rows.entries.get((was.user_id, whole))
        if entry is None or entry.added_at != was.added_at:
            return False
        del self._rows.entries[was.user_id, whole]
        back = msgspec.structs.replace(entry, artist_id=was.artist_id)
        self._rows.entries[was.user_id, was.artist_id] = back
        return True

    def _tell_apart(self, ours: DnpEntry, theirs: DnpEntry, together: DnpEntry) -> bool:
        entry = self._rows.entries.get((ours.user_id, ours.artist_id))
        if entry is None or entry.added_at != together.added_at:
            return False
        changed = msgspec.structs.replace(entry, added_at=ours.added_at)
        self._rows.entries[ours.user_id, ours.artist_id] = ours if entry == together else changed
        self._rows.entries[theirs.user_id, theirs.artist_id] = theirs
        return True

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


class FakeModerators:
    """``Moderators`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def includes(self, user_id: UserId, /) -> bool:
        """By the person's role."""
        user = self._rows.users.get(user_id)
        return user is not None and user.role in {Role.MODERATOR, Role.ADMIN}


class FakeCatalogTransaction:
    """``CatalogTransaction`` on a copy of the rows."""

    def __init__(self, rows: Rows) -> None:
        self.merges = FakeArtistMerges(rows)
        self.moderators = FakeModerators(rows)
        self.outbox = FakeOutbox(rows)
        self.audit = FakeAuditLog(rows)


def begin_catalog(database: FakeDatabase) -> BeginCatalog:
    """``BeginCatalog`` in memory."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[FakeCatalogTransaction]:
        async with database.transaction() as rows:
            yield FakeCatalogTransaction(rows)

    return begin


class FakeArtistReader:
    """``ArtistReader`` over what is committed."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    async def get(self, artist_id: ArtistId, /) -> ArtistDetails:
        """Follow the redirect, if there is one."""
        rows = self._database.rows
        artist = rows.artists.get(rows.survivor_of(artist_id))
        if artist is None:
            raise ArtistNotFoundError("unknown")
        return ArtistDetails(
            artist=artist,
            disambiguation=rows.disambiguations.get(artist.id),
            names=sorted(rows.names.get(artist.id, [])),
            merged_from=[
                MergedArtist(
                    id=stored.merge.artist_id,
                    canonical_name=rows.artists[stored.merge.artist_id].canonical_name,
                    merge_id=stored.merge.id,
                    merged_at=stored.merge.merged_at,
                )
                for stored in rows.merges.values()
                if stored.undone_at is None
                and rows.survivor_of(stored.merge.artist_id) == artist.id
            ],
        )


class FakeArtistDirectory:
    """``ArtistDirectory`` by looking at every name."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    async def look_up(self, questions: Sequence[Question], /) -> Findings:
        """One question after another."""
        artists = self._database.rows.artists
        matches = [
            [*self._by_id(asked.ids), *(list(self._by_name(asked)) or self._nearly(asked))]
            for asked in questions
        ]
        spoken_for = {match.artist_id for found in matches for match in found}
        return Findings(
            matches=matches,
            artists={artist_id: artists[artist_id] for artist_id in spoken_for},
            disambiguations={
                artist_id: words
                for artist_id, words in self._database.rows.disambiguations.items()
                if artist_id in spoken_for
            },
        )

    def _by_id(self, ids: Sequence[ExternalId]) -> Iterator[Match]:
        for known in ids:
            if artist_id := self._database.rows.external_ids.get(known):
                yield self._match(artist_id, Way.ID, known=known)

    def _by_name(self, asked: Question) -> Iterator[Match]:
        rows = self._database.rows
        for artist_id, names in rows.names.items():
            for name in names:
                key, canonical = (
                    search_key(name),
                    search_key(rows.artists[artist_id].canonical_name),
                )
                if asked.key and key == asked.key:
                    way = Way.NAME if key == canonical else Way.ALIAS
                    yield self._match(artist_id, way, name=name)
                if asked.lead and key == asked.lead:
                    yield self._match(artist_id, Way.CREDIT, name=name)

    def _nearly(self, asked: Question) -> Iterator[Match]:
        rows = self._database.rows
        for written in filter(None, (asked.key, asked.lead)):
            wanted = _core(written)
            for artist_id, names in rows.names.items():
                distances = [(_slips(wanted, _core(search_key(name))), name) for name in names]
                distance, name = min(distances, default=(9, ""))
                if distance == 0 or (distance == 1 and len(wanted) > 3):
                    yield self._match(artist_id, Way.SIMILAR, name=name, distance=distance)

    def _match(
        self,
        artist_id: ArtistId,
        way: Way,
        *,
        known: ExternalId | None = None,
        name: str | None = None,
        distance: int = 0,
    ) -> Match:
        artist: Artist = self._database.rows.artists[artist_id]
        return Match(
            artist_id=artist_id,
            way=way,
            id=known,
            name=name,
            distance=distance,
            services=frozenset(artist.external_ids),
            disambiguation=frozenset(
                search_key(self._database.rows.disambiguations.get(artist_id, "")).split()
            ),
        )


def _core(key: str) -> str:
    return "".join(word for word in key.split() if word not in {"the", "and"}) or key


def _slips(one: str, other: str) -> int:
    """How many letters are too many, too few, others or in each other's place."""
    last, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last = last, row
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b)))
            if i > 1 and j > 1 and (a, b) == (other[j - 2], one[i - 2]):
                row[j] = min(row[j], before[j - 2] + 1)
    return row[-1]
