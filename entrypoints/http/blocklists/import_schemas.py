"""Wire shapes of what an import says about a file."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from application.blocklists import import_ports as ports
from application.blocklists.import_blocked_artists import ImportResult as Result
from domain.blocklists.list_formats.row import Rejection, RejectionCode
from domain.shared.service_links import links_of
from entrypoints.http.blocklists.schemas import ChangeId

Id = Annotated[UUID, Meta(examples=["01a1fc92-f28d-7423-8b08-1933147824f5"])]
Line = Annotated[
    int,
    Meta(description="Line of the file; in JSON and XML the number of the entry.", examples=[17]),
]
Name = Annotated[str, Meta(examples=["Neural Groove Machine"])]


class RejectedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that was not taken over, and why."""

    line: Line
    code: Annotated[
        str,
        Meta(
            description="Why, in a word that stays. More may come: "
            f"{', '.join(f'`{code}`' for code in RejectionCode)}.",
            examples=["unknown_id"],
        ),
    ]
    reason: Annotated[str, Meta(examples=["id: there is no artist with this id"])]


class TakenRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row and its artist; `null` for one that the catalogue does not have yet."""

    line: Line
    name: Name
    artist_id: Id | None


class ImportCandidate(msgspec.Struct, frozen=True, kw_only=True):
    """An artist that a row may mean."""

    artist_id: Id
    canonical_name: Name
    external_ids: dict[str, str]
    links: Annotated[
        dict[str, str], Meta(description="Where the artist is found, by service, to see who it is.")
    ]
    listed: Annotated[bool, Meta(description="Whether the artist is on the list.")]


class RowToReview(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is never added by itself: add the artist whom it means, if any, by id."""

    line: Line
    name: Name | None
    reason: Annotated[
        str,
        Meta(
            description="`name_only`: the row has no id. `ids_disagree`: its ids belong to "
            "several artists. More may come.",
            examples=["name_only"],
        ),
    ]
    candidates: Annotated[
        list[ImportCandidate], Meta(description="At most five, by the name or by the ids.")
    ]


class ImportResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the rows of a file, or would after a `dry_run`."""

    format: Annotated[str, Meta(description="How the file was read.", examples=["csv"])]
    dry_run: Annotated[bool, Meta(description="Whether nothing was changed.", examples=[False])]
    added: Annotated[int, Meta(examples=[7477])]
    already_there: Annotated[
        int, Meta(description="On the list before, or more than once in the file.", examples=[0])
    ]
    needs_review: Annotated[int, Meta(description="Not added: see `reviews`.", examples=[0])]
    rejected: Annotated[int, Meta(examples=[0])]
    tracks: Annotated[
        int, Meta(description="Tracks, which are not taken over: a list holds artists.")
    ]
    additions: Annotated[list[TakenRow], Meta(description="The first hundred of the added rows.")]
    there: Annotated[
        list[TakenRow], Meta(description="The first hundred of the rows that were there.")
    ]
    reviews: Annotated[
        list[RowToReview], Meta(description="The first thousand of the rows to review.")
    ]
    rejections: Annotated[
        list[RejectedRow], Meta(description="The first thousand of the rejected rows.")
    ]
    change_id: ChangeId | None

    @classmethod
    def of(cls, result: Result) -> "ImportResult":
        """The wire shape of a result."""
        return cls(
            format=result.format,
            dry_run=result.dry_run,
            added=result.added,
            already_there=result.already_there,
            needs_review=result.needs_review,
            rejected=result.rejected,
            tracks=result.tracks,
            additions=[_taken(row) for row in result.additions],
            there=[_taken(row) for row in result.there],
            reviews=[_to_review(row) for row in result.reviews],
            rejections=[_rejected(r) for r in result.rejections],
            change_id=result.change_id,
        )


def _rejected(row: Rejection) -> RejectedRow:
    return RejectedRow(line=row.line, code=row.code, reason=row.reason)


def _taken(row: ports.ShownRow) -> TakenRow:
    return TakenRow(line=row.line, name=row.name, artist_id=row.artist_id)


def _to_review(row: ports.RowToReview) -> RowToReview:
    return RowToReview(
        line=row.line,
        name=row.name,
        reason=row.reason,
        candidates=[_candidate(candidate) for candidate in row.candidates],
    )


def _candidate(candidate: ports.Candidate) -> ImportCandidate:
    external_ids = {str(service): value for service, value in candidate.external_ids.items()}
    return ImportCandidate(
        artist_id=candidate.id,
        canonical_name=candidate.canonical_name,
        external_ids=external_ids,
        links=links_of(external_ids),
        listed=candidate.is_listed,
    )
