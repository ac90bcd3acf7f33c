"""Wire shapes of who is who."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from application.catalog import directory, merge_artists, merges, resolve_artists
from domain.catalog.artist_name import MAX_LENGTH
from domain.catalog.resolution import ResolutionOutcome
from domain.shared.errors import InvalidInputError
from domain.shared.external_id import MAX_LINK_LENGTH, ExternalId, MusicService
from domain.shared.ids import ArtistMergeId
from entrypoints.http.wire import Artist, Time, shown_of

_IDS_A_ROW = 20
_ID = "01a1fc92-f28d-7423-8b08-1933147824f5"
Id = Annotated[UUID, Meta(examples=[_ID])]
OtherId = Annotated[UUID, Meta(examples=["01a1fc92-f28d-7423-8b08-1933147824f6"])]
MergeId = Annotated[UUID, Meta(examples=["01a1fc92-f28d-7423-8b08-1933147824f7"])]
Written = Annotated[str, Meta(max_length=MAX_LINK_LENGTH)]
Confidence = Annotated[
    float,
    Meta(ge=0, le=1, description="How likely it is the one, roughly.", examples=[0.9]),
]

Disambiguation = Annotated[
    str,
    Meta(
        description="A few words that tell artists of the same name apart.",
        examples=["Canadian producer"],
    ),
]


class MergedArtist(msgspec.Struct, frozen=True, kw_only=True):
    """An artist that became part of another."""

    id: OtherId
    canonical_name: Annotated[str, Meta(examples=["Neural Groove Machine (band)"])]
    merge_id: MergeId
    merged_at: Time


class ArtistDetails(Artist, frozen=True, kw_only=True):
    """An artist with all of its names, and those that were merged into it."""

    disambiguation: Disambiguation | None
    names: Annotated[
        list[str],
        Meta(description="Every name it goes by.", examples=[["Neural Groove Machine", "NGM"]]),
    ]
    merged_from: list[MergedArtist]

    @classmethod
    def in_full(cls, details: directory.ArtistDetails) -> "ArtistDetails":
        """The wire shape of an artist in full."""
        return cls(
            **shown_of(details.artist),
            disambiguation=details.disambiguation,
            names=details.names,
            merged_from=[
                MergedArtist(
                    id=merged.id,
                    canonical_name=merged.canonical_name,
                    merge_id=merged.merge_id,
                    merged_at=merged.merged_at,
                )
                for merged in details.merged_from
            ],
        )


class RowToResolve(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody's file says of one artist; all of it may lack."""

    name: Annotated[str, Meta(max_length=MAX_LENGTH, examples=["Neural Groove Machine"])] | None = (
        None
    )
    ids: Annotated[
        dict[str, Written],
        Meta(
            max_length=_IDS_A_ROW,
            description="By service: a bare id, a URI or an address.",
            examples=[{"spotify": "spotify:artist:3ec16T2vMbjJi4luOqt6ps"}],
        ),
    ] = {}
    links: Annotated[
        list[Written],
        Meta(
            max_length=_IDS_A_ROW,
            description="Addresses and URIs of any service.",
            examples=[["https://music.apple.com/us/artist/271256"]],
        ),
    ] = []
    disambiguation: (
        Annotated[
            str,
            Meta(
                max_length=MAX_LENGTH,
                description="What tells it from others of the name.",
                examples=["Canadian producer"],
            ),
        ]
        | None
    ) = None

    def read(self) -> tuple[tuple[ExternalId, ...], list[str]]:
        """The ids of the row, and what of it is none."""
        found: list[ExternalId] = []
        unreadable: list[str] = []
        for service, text in self.ids.items():
            try:
                if service not in MusicService.__members__.values():
                    raise InvalidInputError.of("ids", "there is no such service")
                found.append(ExternalId.parse(MusicService(service), text))
            except InvalidInputError:
                unreadable.append(text)
        for text in self.links:
            try:
                found.append(ExternalId.recognise(text))
            except InvalidInputError:
                unreadable.append(text)
        return tuple(found), unreadable


class RowsToResolve(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rows of which somebody wants to know who is meant."""

    rows: Annotated[list[RowToResolve], Meta(min_length=1, max_length=resolve_artists.MAX_ROWS)]

    def questions(self) -> list[resolve_artists.RowToResolve]:
        """The rows as the use case takes them."""
        return [
            resolve_artists.RowToResolve(
                name=row.name, ids=row.read()[0], disambiguation=row.disambiguation
            )
            for row in self.rows
        ]


class ArtistCandidate(msgspec.Struct, frozen=True, kw_only=True):
    """An artist who may be meant."""

    artist: Artist
    confidence: Confidence
    matched_on: Annotated[
        str,
        Meta(
            description="What speaks for it: `id`, `name`, `alias`, `credit` (the name before the "
            "guests) or `similar`. There may be others in future.",
            examples=["name"],
        ),
    ]
    matched: Annotated[
        str | None,
        Meta(description="The id or the name that fits.", examples=["Neural Groove Machine"]),
    ]
    disambiguation: Disambiguation | None


class ResolvedRow(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one row."""

    outcome: Annotated[
        ResolutionOutcome,
        Meta(
            description="`resolved`: an id on a service says who it is. `review`: somebody has to "
            "choose. `conflict`: its ids name different artists. `unknown`: nobody fits."
        ),
    ]
    artist: Annotated[Artist | None, Meta(description="Only where it is resolved.")]
    candidates: Annotated[list[ArtistCandidate], Meta(description="At most ten, likeliest first.")]
    unreadable: Annotated[
        list[str],
        Meta(description="Ids and links of the row that are none.", examples=[[]]),
    ]


class ResolvedRows(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the rows, in their order."""

    rows: list[ResolvedRow]

    @classmethod
    def of(
        cls, asked: list[RowToResolve], resolved: list[resolve_artists.ResolvedRow]
    ) -> "ResolvedRows":
        """The wire shape of the answers to ``asked``."""
        return cls(
            rows=[
                ResolvedRow(
                    outcome=row.outcome,
                    artist=None if row.artist is None else Artist.of(row.artist),
                    candidates=[
                        ArtistCandidate(
                            artist=Artist.of(candidate.artist),
                            confidence=candidate.confidence,
                            matched_on=candidate.matched_on.value,
                            matched=candidate.matched,
                            disambiguation=candidate.disambiguation,
                        )
                        for candidate in row.candidates
                    ],
                    unreadable=question.read()[1],
                )
                for question, row in zip(asked, resolved, strict=True)
            ]
        )


class MergeTarget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The artist that the other becomes part of."""

    into: OtherId


class ArtistMerge(msgspec.Struct, frozen=True, kw_only=True):
    """A merge, and on how many lists it changed something."""

    id: MergeId
    artist_id: Id
    survivor_id: OtherId
    merged_at: Time
    entries_moved: Annotated[
        int, Meta(description="Lists that had the artist alone.", examples=[12])
    ]
    entries_combined: Annotated[int, Meta(description="Lists that had both.", examples=[3])]

    @classmethod
    def of(cls, merged: merge_artists.MergedArtists) -> "ArtistMerge":
        """The wire shape of a merge."""
        return cls(
            id=merged.merge.id,
            artist_id=merged.merge.artist_id,
            survivor_id=merged.merge.survivor_id,
            merged_at=merged.merge.merged_at,
            entries_moved=merged.counts.moved,
            entries_combined=merged.counts.combined,
        )


class UndoneMerge(msgspec.Struct, frozen=True, kw_only=True):
    """Two artists that are told apart again, and on how many lists the first is back."""

    id: MergeId
    artist_id: Id
    survivor_id: OtherId
    entries_restored: Annotated[int, Meta(examples=[15])]

    @classmethod
    def of(cls, merge_id: UUID, undone: merges.UndoneMerge) -> "UndoneMerge":
        """The wire shape of the end of a merge."""
        return cls(
            id=ArtistMergeId(merge_id),
            artist_id=undone.artist_id,
            survivor_id=undone.survivor_id,
            entries_restored=undone.restored,
        )
