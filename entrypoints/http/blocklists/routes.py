"""Routes of single entries of the do-not-play list, and of lists as files."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Stream

from application.blocklists import (
    block_artist as blocking,
)
from application.blocklists import update_blocked_artist as updating
from application.blocklists.block_artist import ArtistAlreadyListedError, BlockArtist
from application.blocklists.export_blocked_artists import ExportBlockedArtists
from application.blocklists.get_blocked_artist import EntryToShow, GetBlockedArtist
from application.blocklists.import_blocked_artists import FileToImport, ImportBlockedArtists
from application.blocklists.ports import BlockedArtist
from application.blocklists.unblock_artist import ArtistToUnblock, UnblockArtist
from application.blocklists.update_blocked_artist import UpdateBlockedArtist
from domain.blocklists.errors import (
    ArtistAlreadyBlockedError,
    ArtistExceptedError,
    ArtistNotBlockedError,
    ListFullError,
    ListTooLargeError,
    UnknownArtistError,
    UnreadableListError,
)
from domain.shared.errors import PreconditionFailedError
from domain.shared.ids import ArtistId
from domain.shared.version import version_of
from entrypoints.http.authentication import origin_of, principal_of
from entrypoints.http.begun import begun
from entrypoints.http.blocklists.export import as_csv, as_json
from entrypoints.http.blocklists.schemas import (
    ArtistToBlock,
    DnpEntry,
    EntryChange,
    ExportedList,
    ImportResult,
)
from entrypoints.http.blocklists.upload import MAX_BODY_BYTES, read_upload
from entrypoints.http.conditional import expected_versions, tagged
from entrypoints.http.contract import contract
from entrypoints.http.errors import BodyTooLargeError, UnsupportedMediaTypeError
from entrypoints.http.problems import render_problem


class ExportFormat(StrEnum):
    """How a list is written to take it away."""

    CSV = "csv"
    JSON = "json"


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


@post(
    "/api/v1/dnp/import",
    operation_id="importBlockedArtists",
    summary="Put a whole file of artists on one's list",
    tags=["blocklists"],
    status_code=200,
    request_max_body_size=MAX_BODY_BYTES,
    opt=contract(
        UnreadableListError,
        ListTooLargeError,
        ListFullError,
        UnsupportedMediaTypeError,
        BodyTooLargeError,
        patient=True,
        idempotent=True,
        file_upload=True,
    ),
)
async def import_blocked_artists_route(
    request: Request[Any, Any, Any], import_blocked_artists: NamedDependency[ImportBlockedArtists]
) -> ImportResult:
    """Takes a CSV file with a column for the name and one for the id on a service.

    Comma, semicolon or tab; columns in any order (`artist,id`, `id,name`, `Name;Spotify ID`);
    up to 10 MiB and 100,000 rows. All of it happens or nothing; doing it again adds nothing.
    """
    upload = await read_upload(request)
    return ImportResult.of(
        await import_blocked_artists(
            FileToImport(
                actor=principal_of(request).user_id,
                content=upload.content,
                name=upload.name,
                origin=origin_of(request),
            )
        )
    )


@get(
    "/api/v1/dnp/export",
    operation_id="exportBlockedArtists",
    summary="Take one's whole list away",
    tags=["blocklists"],
    opt=contract(download=ExportedList, patient=True),
)
async def export_blocked_artists_route(
    request: Request[Any, Any, Any],
    export_blocked_artists: NamedDependency[ExportBlockedArtists],
    format: Annotated[
        ExportFormat, QueryParameter(description="How to write it.")
    ] = ExportFormat.CSV,
) -> Stream:
    """Streams every entry, oldest first; the CSV can be imported again as it is."""
    entries = export_blocked_artists(principal_of(request).user_id)
    headers = {"content-disposition": f'attachment; filename="do-not-play-list.{format}"'}
    if format is ExportFormat.CSV:
        chunks, media_type = as_csv(entries), "text/csv"
    else:
        chunks, media_type = as_json(entries), "application/json"
    return Stream(await begun(request, chunks), media_type=media_type, headers=headers)


ROUTES = (
    get_blocked_artist_route,
    block_artist_route,
    update_blocked_artist_route,
    unblock_artist_route,
    import_blocked_artists_route,
    export_blocked_artists_route,
)
