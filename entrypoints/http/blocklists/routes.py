"""Routes of single entries of the do-not-play list, and of lists as files."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from application.blocklists import (
    block_artist as blocking,
)
from application.blocklists import update_blocked_artist as updating
from application.blocklists.block_artist import ArtistAlreadyListedError, BlockArtist
from application.blocklists.get_blocked_artist import EntryToShow, GetBlockedArtist
from application.blocklists.ports import BlockedArtist
from application.blocklists.unblock_artist import ArtistToUnblock, UnblockArtist
from application.blocklists.update_blocked_artist import UpdateBlockedArtist
from domain.blocklists.errors import (
    ArtistAlreadyBlockedError,
    ArtistExceptedError,
    ArtistNotBlockedError,
    ListFullError,
    UnknownArtistError,
)
from domain.shared.errors import PreconditionFailedError
from domain.shared.ids import ArtistId
from domain.shared.version import version_of
from entrypoints.http.authentication import origin_of, principal_of
from entrypoints.http.blocklists.schemas import (
    ArtistToBlock,
    DnpEntry,
    EntryChange,
)
from entrypoints.http.conditional import expected_versions, tagged
from entrypoints.http.contract import contract
from entrypoints.http.problems import render_problem


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
        ArtistExceptedError,
        ListFullError,
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
                until=data.until,
                origin=origin_of(request),
            )
        ),
    )


@patch(
    "/api/v1/dnp/entries/{artist_id:uuid}",
    operation_id="updateBlockedArtist",
    summary="Change the tags, the note or the end of an entry",
    tags=["blocklists"],
    opt=contract(ArtistNotBlockedError, ListFullError, PreconditionFailedError, tagged=True),
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
                until=data.until,
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
    get_blocked_artist_route,
    block_artist_route,
    update_blocked_artist_route,
    unblock_artist_route,
)
