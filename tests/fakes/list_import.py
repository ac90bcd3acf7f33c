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
from domain.blocklists.dnp_entry import DnpEntry
from domain.blocklists.list_formats.row import ListRow, Reference, Rejection
from domain.catalog.artist_name import search_key
from domain.shared.external_id import ExternalId, MusicService
from domain.shared.ids import ArtistId, UserId
from tests.fakes.shared import Rows

_NOBODY = "id: there is no artist with this id"
_NAMELESS = "id: no artist here has this id, and the file gives no name for a new one"


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
        made: dict[int, ArtistId] = {}
        for number, (row, artists) in enumerate(zip(file, known, strict=True)):
            external = any(isinstance(reference, ExternalId) for reference in row.references)
            if len(artists) > 1 or (not artists and leaders.get(number, 0) is None):
                reviews.append(self._review(user_id, row, ReviewReason.IDS_DISAGREE, artists))
                continue
            if not row.references:
                reviews.append(
                    self._review(user_id, row, ReviewReason.NAME_ONLY, self._called(row.name))
                )
                continue
            if not artists and not (external and row.name):
                reason = _NAMELESS if external else _NOBODY
                rejected.append(Rejection(line=row.line, reason=reason))
                continue
            artist_id = artists[0] if artists else None
            leader = number if artist_id else leaders[number]
            assert leader is not None
            shown = ShownRow(
                line=row.line,
                name=row.name or self._rows.artists[artists[0]].canonical_name,
                artist_id=artist_id,
            )
            is_listed = artist_id is not None and (user_id, artist_id) in self._rows.entries
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
                self._add(user_id, artist_id, row, now)
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
        known.update({artist: artist for artist in self._rows.artists})
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

    def _review(
        self, user_id: UserId, row: ListRow, reason: ReviewReason, artists: list[ArtistId]
    ) -> RowToReview:
        candidates = [
            Candidate(
                id=artist.id,
                canonical_name=artist.canonical_name,
                external_ids={MusicService(k): v for k, v in artist.external_ids.items()},
                is_listed=(user_id, artist.id) in self._rows.entries,
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

    def _add(self, user_id: UserId, artist_id: ArtistId, row: ListRow, now: datetime) -> None:
        self._rows.entries[user_id, artist_id] = DnpEntry(
            user_id=user_id,
            artist_id=artist_id,
            tags=row.tags,
            note=row.note,
            added_at=min(row.added_at or now, now),
        )


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
