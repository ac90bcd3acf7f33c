"""Who is who in memory: artists by id and name, and who may change that."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager

from application.catalog.directory import ArtistDetails, Findings, MergedArtist
from application.catalog.merges import BeginCatalog
from application.catalog.ports import Artist
from domain.accounts.role import Role
from domain.catalog.artist_name import search_key
from domain.catalog.errors import (
    ArtistNotFoundError,
)
from domain.catalog.resolution import Match, Question, Way
from domain.shared.external_id import ExternalId
from domain.shared.ids import ArtistId, UserId
from tests.fakes.artist_merges import FakeArtistMerges
from tests.fakes.shared import FakeAuditLog, FakeDatabase, FakeOutbox, Rows


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
