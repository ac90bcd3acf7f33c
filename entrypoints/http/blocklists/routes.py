"""Routes of the personal do-not-play list."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from application.blocklists import (
    block_artist as blocking,
)
from application.blocklists import update_blocked_artist as updating
from application.blocklists.block_artist import ArtistAlreadyListedError, BlockArtist
from application.blocklists.get_blocked_artist import EntryToShow, GetBlockedArtist
from application.blocklists.list_blocked_artists import ListBlockedArtists
from application.blocklists.ports import BlockedArtist, ListOrder, ListSlice
from application.blocklists.unblock_artist import ArtistToUnblock, UnblockArtist
from application.blocklists.update_blocked_artist import UpdateBlockedArtist
from domain.blocklists.errors import (
    ArtistAlreadyBlockedError,
    ArtistNotBlockedError,
    UnknownArtistError,
)
from domain.catalog.artist_name import search_key
from domain.shared.errors import BadCursorError, PreconditionFailedError
from domain.shared.ids import ArtistId
from domain.shared.version import version_of
from entrypoints.http.authentication import origin_of, principal_of
from entrypoints.http.blocklists.cursor import CursorCodec
from entrypoints.http.blocklists.schemas import (
    ArtistToBlock,
    DnpEntry,
    DnpPage,
    EntryChange,
)
from entrypoints.http.conditional import expected_versions, tagged
from entrypoints.http.contract import contract
from entrypoints.http.problems import render_problem


@get(
    "/api/v1/dnp/list",
    operation_id="listBlockedArtists",
    summary="Read one's do-not-play list",
    tags=["blocklists"],
    opt=contract(BadCursorError),
)
async def list_blocked_artists_route(
    request: Request[Any, Any, Any],
    list_blocked_artists: NamedDependency[ListBlockedArtists],
    limit: Annotated[int, QueryParameter(ge=1, le=100, description="Entries at most.")] = 50,
    cursor: Annotated[
        str | None,
        QueryParameter(max_length=2048, description="`next_cursor` of the page before."),
    ] = None,
    tag: Annotated[
        str | None, QueryParameter(max_length=50, description="Only with this tag.")
    ] = None,
    q: Annotated[
        str | None, QueryParameter(max_length=255, description="Only names that contain this.")
    ] = None,
    sort: Annotated[
        ListOrder, QueryParameter(description="By date or name; a minus turns the order round.")
    ] = ListOrder.NEWEST,
) -> DnpPage:
    """Answers a page at a time; keep filter and sort while following `next_cursor`."""
    cursors: CursorCodec = request.app.state.cursors
    query = ListSlice(
        user_id=principal_of(request).user_id,
        order=sort,
        limit=limit,
        after=None,
        tag=tag,
        text=search_key(q) if q else None,
    )
    if cursor is not None:
        query = msgspec.structs.replace(query, after=cursors.read(cursor, query))
    page = await list_blocked_artists(query)
    return DnpPage(
        items=[DnpEntry.of(entry) for entry in page.entries],
        next_cursor=cursors.write(page.next, query) if page.next else None,
    )


@get(
    "/api/v1/dnp/entries/{artist_id:uuid}",
    operation_id="getBlockedArtist",
    summary="Read one entry of one's list",
    tags=["blocklists"],
    opt=contract(ArtistNotBlockedError, tagged=True),
)
async def get_blocked_artist_route(
    request: Request[Any, Any, Any],
    artist_id: FromPath[UUID],
    get_blocked_artist: NamedDependency[GetBlockedArtist],
) -> Response[DnpEntry]:
    """Answers the entry with its artist."""
    query = EntryToShow(actor=principal_of(request).user_id, artist_id=ArtistId(artist_id))
    return _shown(request, await get_blocked_artist(query))


def _shown(request: Request[Any, Any, Any], entry: BlockedArtist) -> Response[DnpEntry]:
    content = DnpEntry.of(entry)
    return tagged(request, content, entry.version, version_of(content.artist))


def _handle_already_listed(
    request: Request[Any, Any, Any], error: ArtistAlreadyListedError
) -> Response[dict[str, object]]:
    entry = msgspec.to_builtins(DnpEntry.of(error.entry))
    return render_problem(request, error, entry=entry)


@post(
    "/api/v1/dnp/add",
    operation_id="blockArtist",
    summary="Put an artist on one's list",
    tags=["blocklists"],
    exception_handlers={ArtistAlreadyListedError: _handle_already_listed},
    opt=contract(
        ArtistAlreadyBlockedError,
        UnknownArtistError,
        idempotent=True,
        tagged=True,
        extensions={ArtistAlreadyBlockedError: {"entry": DnpEntry}},
    ),
)
async def block_artist_route(
    request: Request[Any, Any, Any],
    data: JSONBody[ArtistToBlock],
    block_artist: NamedDependency[BlockArtist],
) -> Response[DnpEntry]:
    """Answers the new entry; an artist that is there already is answered as a 409 with it."""
    return _shown(
        request,
        await block_artist(
            blocking.ArtistToBlock(
                actor=principal_of(request).user_id,
                artist_id=ArtistId(data.artist_id),
                tags=data.tags,
                note=data.note,
                origin=origin_of(request),
            )
        ),
    )


@patch(
    "/api/v1/dnp/entries/{artist_id:uuid}",
    operation_id="updateBlockedArtist",
    summary="Change the tags or the note of an entry",
    tags=["blocklists"],
    opt=contract(ArtistNotBlockedError, PreconditionFailedError, tagged=True),
)
async def update_blocked_artist_route(
    request: Request[Any, Any, Any],
    artist_id: FromPath[UUID],
    data: JSONBody[EntryChange],
    update_blocked_artist: NamedDependency[UpdateBlockedArtist],
) -> Response[DnpEntry]:
    """Changes what is sent and leaves the rest."""
    return _shown(
        request,
        await update_blocked_artist(
            updating.EntryChange(
                actor=principal_of(request).user_id,
                artist_id=ArtistId(artist_id),
                tags=data.tags,
                note=data.note,
                origin=origin_of(request),
                expected=expected_versions(request),
            )
        ),
    )


@delete(
    "/api/v1/dnp/entries/{artist_id:uuid}",
    operation_id="unblockArtist",
    summary="Take an artist off one's list",
    tags=["blocklists"],
    opt=contract(ArtistNotBlockedError, PreconditionFailedError, tagged=True),
)
async def unblock_artist_route(
    request: Request[Any, Any, Any],
    artist_id: FromPath[UUID],
    unblock_artist: NamedDependency[UnblockArtist],
) -> None:
    """Removes the entry with its tags and note."""
    await unblock_artist(
        ArtistToUnblock(
            actor=principal_of(request).user_id,
            artist_id=ArtistId(artist_id),
            origin=origin_of(request),
            expected=expected_versions(request),
        )
    )


ROUTES = (
    list_blocked_artists_route,
    get_blocked_artist_route,
    block_artist_route,
    update_blocked_artist_route,
    unblock_artist_route,
)
