"""Whole files onto a list in memory."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from application.blocklists.import_ports import (
    MAX_CANDIDATES,
    MAX_REVIEWS_TOLD,
    MAX_ROWS_SHOWN,
    Candidate,
    ImportOutcome,
    ReviewReason,
    RowToReview,
    ShownRow,
)
from application.catalog.ports import Artist
from domain.blocklists.bulk import BulkKind
from domain.blocklists.dnp_entry import DnpEntry, EntrySource
from domain.blocklists.list_formats.row import ListRow, Reference, Rejection, RejectionCode
from domain.catalog.artist_name import search_key
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import ArtistId, BulkChangeId, UserId
from tests.fakes.bulk_changes import a_change, keep_change
from tests.fakes.list_limits import check_limits, exception_of
from tests.fakes.shared import Rows

_NOBODY = (RejectionCode.UNKNOWN_ID, "id: there is no artist with this id")
_NAMELESS = (
    RejectionCode.UNNAMED,
    "id: no artist here has this id, and the file gives no name for a new one",
)
_IS_OVER = (RejectionCode.OVER, "until: this time has passed")
_EXCEPTED = (RejectionCode.EXCEPTED, "artist: you have excepted this artist")


class FakeListImport:
    """``ListImport`` in memory: it looks at all rows, then writes what it has seen."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def run(
        self,
        user_id: UserId,
        rows: Iterable[ListRow],
        /,
        *,
        now: datetime,
        new_id: Callable[[], UUID],
        change_id: BulkChangeId,
        source: EntrySource,
        dry_run: bool,
    ) -> ImportOutcome:
        """One row after another."""
        file = list(rows)
        known = self._artists(file)
        leaders = _leaders(file, [not artists for artists in known])
        counts: Counter[str] = Counter()
        rejected: list[Rejection] = []
        additions: list[ShownRow] = []
        there: list[ShownRow] = []
        reviews: list[RowToReview] = []
        seen: set[ArtistId | int] = set()
        added: list[ArtistId] = []
        made: dict[int, ArtistId] = {}
        for number, (row, artists) in enumerate(zip(file, known, strict=True)):
            if len(artists) > 1 or (not artists and leaders.get(number, 0) is None):
                reviews.append(self._review(user_id, row, ReviewReason.IDS_DISAGREE, artists, now))
                continue
            if not row.references:
                reviews.append(
                    self._review(user_id, row, ReviewReason.NAME_ONLY, self._called(row.name), now)
                )
                continue
            artist_id = artists[0] if artists else None
            if refusal := self._refusal(user_id, row, artist_id, now):
                code, reason = refusal
                rejected.append(Rejection(line=row.line, code=code, reason=reason))
                continue
            leader = number if artist_id else leaders[number]
            assert leader is not None
            shown = ShownRow(
                line=row.line,
                name=row.name or self._rows.artists[artists[0]].canonical_name,
                artist_id=artist_id,
            )
            is_listed = artist_id is not None and self._is_listed(user_id, artist_id, now)
            if (who := artist_id or leader) in seen or is_listed:
                there.append(shown)
                counts["there"] += 1
                continue
            seen.add(who)
            additions.append(shown)
            counts["added"] += 1
            if artist_id is None:
                made[leader] = artist_id = ArtistId(new_id())
                if not dry_run:
                    self._take_in(artist_id, file[leader], now)
            if not dry_run:
                added.append(self._add(user_id, artist_id, row, now, source))
        keep_change(self._rows, user_id, a_change(change_id, BulkKind.IMPORT, now), added)
        check_limits(self._rows, user_id)
        return ImportOutcome(
            added=counts["added"],
            already_there=counts["there"],
            needs_review=len(reviews),
            rejected=rejected,
            additions=additions[:MAX_ROWS_SHOWN],
            there=there[:MAX_ROWS_SHOWN],
            reviews=reviews[:MAX_REVIEWS_TOLD],
        )

    def _artists(self, file: list[ListRow]) -> list[list[ArtistId]]:
        """Those whose each row is, by its ids."""
        known: dict[Reference, ArtistId] = {
            ExternalId(service=MusicService(service), value=value): artist.id
            for artist in self._rows.artists.values()
            for service, value in artist.external_ids.items()
        }
        known.update({each: self._rows.survivor_of(each) for each in self._rows.artists})
        return [
            list(dict.fromkeys(known[ref] for ref in row.references if ref in known))
            for row in file
        ]

    def _called(self, name: str | None) -> list[ArtistId]:
        key = search_key(name or "")
        return [
            artist_id
            for artist_id, names in self._rows.names.items()
            if any(search_key(other) == key for other in names)
        ]

    def _refusal(
        self, user_id: UserId, row: ListRow, artist_id: ArtistId | None, now: datetime
    ) -> tuple[RejectionCode, str] | None:
        external = any(isinstance(reference, ExternalId) for reference in row.references)
        if artist_id is None and not (external and row.name):
            return _NAMELESS if external else _NOBODY
        if row.until is not None and row.until <= now:
            return _IS_OVER
        excepted = artist_id and exception_of(self._rows, user_id, artist_id)
        return _EXCEPTED if excepted else None

    def _is_listed(self, user_id: UserId, artist_id: ArtistId, now: datetime) -> bool:
        entry = self._rows.entries.get((user_id, artist_id))
        return entry is not None and not entry.is_over(now)

    def _review(
        self,
        user_id: UserId,
        row: ListRow,
        reason: ReviewReason,
        artists: list[ArtistId],
        now: datetime,
    ) -> RowToReview:
        candidates = [
            Candidate(
                id=artist.id,
                canonical_name=artist.canonical_name,
                external_ids={MusicService(k): v for k, v in artist.external_ids.items()},
                is_listed=self._is_listed(user_id, artist.id, now),
            )
            for artist in map(self._rows.artists.__getitem__, artists)
        ]
        candidates.sort(key=lambda c: (not c.is_listed, c.canonical_name != row.name, c.id))
        return RowToReview(
            line=row.line, name=row.name, reason=reason, candidates=candidates[:MAX_CANDIDATES]
        )

    def _take_in(self, artist_id: ArtistId, row: ListRow, now: datetime) -> None:
        assert row.name
        ids = [reference for reference in row.references if isinstance(reference, ExternalId)]
        self._rows.artists[artist_id] = Artist(
            id=artist_id,
            canonical_name=row.name,
            external_ids={reference.service: reference.value for reference in ids},
            metadata={},
            created_at=now,
        )
        self._rows.names[artist_id] = [row.name]

    def _add(
        self, user_id: UserId, artist_id: ArtistId, row: ListRow, now: datetime, source: EntrySource
    ) -> ArtistId:
        self._rows.entries[user_id, artist_id] = DnpEntry(
            user_id=user_id,
            artist_id=artist_id,
            tags=row.tags,
            note=row.note,
            added_at=min(row.added_at or now, now),
            until=row.until,
            source=source,
        )
        return artist_id


def _leaders(file: list[ListRow], is_new: list[bool]) -> dict[int, int | None]:
    """The first row of the same newcomer, for each row of one; ``None`` where none is."""
    first: dict[ExternalId, int] = {}
    firsts: dict[int, set[int]] = {}
    for number, row in enumerate(file):
        ids = [r for r in row.references if isinstance(r, ExternalId)]
        if is_new[number] and ids and row.name:
            firsts[number] = {first.setdefault(external, number) for external in ids}
    leaders = {
        number: None if len(others - {number}) > 1 else min(others)
        for number, others in firsts.items()
    }
    return {
        number: leader if leader is not None and leaders[leader] == leader else None
        for number, leader in leaders.items()
    }
