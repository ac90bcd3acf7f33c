"""Routes about who is who: one artist, many rows at once, merges and the way back."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from application.catalog.get_artist import GetArtist
from application.catalog.merge_artists import ArtistsToMerge, MergeArtists
from application.catalog.resolve_artists import ResolveArtists
from application.catalog.undo_artist_merge import MergeToUndo, UndoArtistMerge
from domain.catalog.errors import (
    ArtistAlreadyMergedError,
    ArtistNotFoundError,
    LaterMergeError,
    MergeAlreadyUndoneError,
    MergeNotFoundError,
    NotAModeratorError,
    SameArtistError,
)
from domain.shared.ids import ArtistId, ArtistMergeId
from domain.shared.version import version_of
from entrypoints.http.authentication import origin_of, principal_of
from entrypoints.http.catalog.identity_schemas import (
    ArtistDetails,
    ArtistMerge,
    MergeTarget,
    ResolvedRows,
    RowsToResolve,
    UndoneMerge,
)
from entrypoints.http.conditional import tagged
from entrypoints.http.contract import contract


@get(
    "/api/v1/artists/{artist_id:uuid}",
    operation_id="getArtist",
    summary="Read one artist",
    tags=["catalog"],
    opt=contract(ArtistNotFoundError, tagged=True),
)
async def get_artist_route(
    request: Request[Any, Any, Any],
    artist_id: FromPath[UUID],
    get_artist: NamedDependency[GetArtist],
) -> Response[ArtistDetails]:
    """The id of an artist that was merged into another answers that one, under its own `id`.

    There is no redirect to follow: one that a browser keeps would outlive the end of the merge.
    """
    content = ArtistDetails.in_full(await get_artist(ArtistId(artist_id)))
    return tagged(request, content, version_of(content))


@post(
    "/api/v1/artists/resolve",
    operation_id="resolveArtists",
    summary="Find out who is meant by many rows",
    tags=["catalog"],
    status_code=200,
    opt=contract(needs_no_key="it changes nothing", patient=True),
)
async def resolve_artists_route(
    data: JSONBody[RowsToResolve], resolve_artists: NamedDependency[ResolveArtists]
) -> ResolvedRows:
    """Up to 1,000 rows, answered in their order.

    An id on a service says who it is. A name never does by itself, however well it fits: such a
    row comes back for review, with candidates.
    """
    return ResolvedRows.of(data.rows, await resolve_artists(data.questions()))


@post(
    "/api/v1/artists/{artist_id:uuid}/merge",
    operation_id="mergeArtists",
    summary="Make one artist of two",
    tags=["catalog"],
    opt=contract(
        ArtistNotFoundError,
        ArtistAlreadyMergedError,
        SameArtistError,
        NotAModeratorError,
        idempotent=True,
        patient=True,
    ),
)
async def merge_artists_route(
    request: Request[Any, Any, Any],
    artist_id: FromPath[UUID],
    data: JSONBody[MergeTarget],
    merge_artists: NamedDependency[MergeArtists],
) -> ArtistMerge:
    """The artist becomes part of the other: names, ids and entries on lists go there.

    From then on its id stands for the other one, everywhere. Keep the merge's id to undo it.
    """
    return ArtistMerge.of(
        await merge_artists(
            ArtistsToMerge(
                actor=principal_of(request).user_id,
                artist_id=ArtistId(artist_id),
                survivor_id=ArtistId(data.into),
                origin=origin_of(request),
            )
        )
    )


@post(
    "/api/v1/artists/merges/{merge_id:uuid}/undo",
    operation_id="undoArtistMerge",
    summary="Tell two merged artists apart again",
    tags=["catalog"],
    status_code=200,
    opt=contract(
        MergeNotFoundError,
        MergeAlreadyUndoneError,
        LaterMergeError,
        ArtistNotFoundError,
        NotAModeratorError,
        idempotent=True,
        patient=True,
    ),
)
async def undo_artist_merge_route(
    request: Request[Any, Any, Any],
    merge_id: FromPath[UUID],
    undo_artist_merge: NamedDependency[UndoArtistMerge],
) -> UndoneMerge:
    """Names, ids and entries go back to where they were; what people changed since stays."""
    return UndoneMerge.of(
        merge_id,
        await undo_artist_merge(
            MergeToUndo(
                actor=principal_of(request).user_id,
                merge_id=ArtistMergeId(merge_id),
                origin=origin_of(request),
            )
        ),
    )


ROUTES = (
    get_artist_route,
    resolve_artists_route,
    merge_artists_route,
    undo_artist_merge_route,
)
