"""Routes of single tracks, and of what no list may block."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from application.blocklists import add_exception as excepting
from application.blocklists import block_tracks as blocking
from application.blocklists import unblock_tracks as unblocking
from application.blocklists.add_exception import AddException
from application.blocklists.block_tracks import BlockTracks
from application.blocklists.list_blocked_tracks import ListBlockedTracks
from application.blocklists.list_exceptions import ListExceptions
from application.blocklists.remove_exception import ExceptionToRemove, RemoveException
from application.blocklists.track_ports import (
    ExceptionPosition,
    ExceptionSlice,
    TrackPosition,
    TrackSlice,
)
from application.blocklists.unblock_tracks import UnblockTracks
from domain.blocklists.errors import (
    AlreadyExceptedError,
    BlockedByOwnListError,
    ExceptionNotFoundError,
    ListFullError,
    UnknownArtistError,
)
from domain.blocklists.track import Track, TrackId
from domain.shared.errors import BadCursorError, InvalidInputError
from domain.shared.ids import ArtistId, ExceptionId
from entrypoints.http.authentication import origin_of, principal_of
from entrypoints.http.blocklists.cursor import CursorCodec
from entrypoints.http.blocklists.track_schemas import (
    AddedTracks,
    ExceptionPage,
    ExceptionToAdd,
    ListException,
    RemovedTracks,
    TrackPage,
    TracksToBlock,
    TracksToUnblock,
)
from entrypoints.http.contract import contract

Limit = Annotated[int, QueryParameter(ge=1, le=100, description="How many at most.")]
Cursor = Annotated[
    str | None, QueryParameter(max_length=2048, description="`next_cursor` of the page before.")
]


@get(
    "/api/v1/dnp/tracks",
    operation_id="listBlockedTracks",
    summary="Read the tracks on one's list",
    tags=["blocklists"],
    opt=contract(BadCursorError),
)
async def list_blocked_tracks_route(
    request: Request[Any, Any, Any],
    list_blocked_tracks: NamedDependency[ListBlockedTracks],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> TrackPage:
    """Answers a page at a time, newest first. A list has at most 200,000 tracks."""
    cursors: CursorCodec = request.app.state.cursors
    query = TrackSlice(user_id=principal_of(request).user_id, limit=limit, after=None)
    purpose = msgspec.json.encode([query.user_id, "tracks"])
    if cursor is not None:
        after = cursors.open(cursor, purpose, TrackPosition)
        query = msgspec.structs.replace(query, after=after)
    page = await list_blocked_tracks(query)
    return TrackPage.of(page, cursors.seal(page.next, purpose) if page.next else None)


@post(
    "/api/v1/dnp/tracks/add",
    operation_id="blockTracks",
    summary="Put single tracks on one's list",
    tags=["blocklists"],
    status_code=200,
    opt=contract(ListFullError, patient=True, idempotent=True),
)
async def block_tracks_route(
    request: Request[Any, Any, Any],
    data: JSONBody[TracksToBlock],
    block_tracks: NamedDependency[BlockTracks],
) -> AddedTracks:
    """Adds 1 to 2,000 tracks in one go; what is there already stays as it is."""
    return AddedTracks.of(
        await block_tracks(
            blocking.TracksToBlock(
                actor=principal_of(request).user_id,
                tracks=data.parsed(),
                origin=origin_of(request),
            )
        )
    )


@post(
    "/api/v1/dnp/tracks/remove",
    operation_id="unblockTracks",
    summary="Take single tracks off one's list",
    tags=["blocklists"],
    status_code=200,
    opt=contract(patient=True, idempotent=True),
)
async def unblock_tracks_route(
    request: Request[Any, Any, Any],
    data: JSONBody[TracksToUnblock],
    unblock_tracks: NamedDependency[UnblockTracks],
) -> RemovedTracks:
    """Removes 1 to 2,000 tracks in one go."""
    return RemovedTracks.of(
        await unblock_tracks(
            unblocking.TracksToUnblock(
                actor=principal_of(request).user_id,
                ids=[TrackId.parse(track.service, track.id) for track in data.tracks],
                origin=origin_of(request),
            )
        )
    )


@get(
    "/api/v1/dnp/exceptions",
    operation_id="listExceptions",
    summary="Read what no list may block for one",
    tags=["blocklists"],
    opt=contract(BadCursorError),
)
async def list_exceptions_route(
    request: Request[Any, Any, Any],
    list_exceptions: NamedDependency[ListExceptions],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ExceptionPage:
    """Answers a page at a time, newest first. There are at most 10,000 exceptions."""
    cursors: CursorCodec = request.app.state.cursors
    query = ExceptionSlice(user_id=principal_of(request).user_id, limit=limit, after=None)
    purpose = msgspec.json.encode([query.user_id, "exceptions"])
    if cursor is not None:
        after = cursors.open(cursor, purpose, ExceptionPosition)
        query = msgspec.structs.replace(query, after=after)
    page = await list_exceptions(query)
    return ExceptionPage.of(page, cursors.seal(page.next, purpose) if page.next else None)


@post(
    "/api/v1/dnp/exceptions",
    operation_id="addException",
    summary="Except an artist or a track from every list",
    tags=["blocklists"],
    opt=contract(
        AlreadyExceptedError,
        BlockedByOwnListError,
        ListFullError,
        UnknownArtistError,
        idempotent=True,
    ),
)
async def add_exception_route(
    request: Request[Any, Any, Any],
    data: JSONBody[ExceptionToAdd],
    add_exception: NamedDependency[AddException],
) -> ListException:
    """Excepts either an artist or a track; what is on one's own list comes off that first."""
    if data.track is not None and data.artist_id is None:
        subject: ArtistId | Track = data.track.parsed()
    elif data.artist_id is not None and data.track is None:
        subject = ArtistId(data.artist_id)
    else:
        raise InvalidInputError.of("artist_id", "expected either `artist_id` or `track`")
    return ListException.of(
        await add_exception(
            excepting.ExceptionToAdd(
                actor=principal_of(request).user_id,
                subject=subject,
                note=data.note,
                origin=origin_of(request),
            )
        )
    )


@delete(
    "/api/v1/dnp/exceptions/{exception_id:uuid}",
    operation_id="removeException",
    summary="Take an exception back",
    tags=["blocklists"],
    opt=contract(ExceptionNotFoundError),
)
async def remove_exception_route(
    request: Request[Any, Any, Any],
    exception_id: FromPath[UUID],
    remove_exception: NamedDependency[RemoveException],
) -> None:
    """From then on lists may block that artist or track again."""
    await remove_exception(
        ExceptionToRemove(
            actor=principal_of(request).user_id,
            exception_id=ExceptionId(exception_id),
            origin=origin_of(request),
        )
    )


ROUTES = (
    list_blocked_tracks_route,
    block_tracks_route,
    unblock_tracks_route,
    list_exceptions_route,
    add_exception_route,
    remove_exception_route,
)
