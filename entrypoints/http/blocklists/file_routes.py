"""Routes by which whole lists come in and go out as files."""

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Stream

from application.blocklists.export_blocked_artists import ExportBlockedArtists
from application.blocklists.import_blocked_artists import FileToImport, ImportBlockedArtists
from domain.blocklists.errors import ListFullError, ListTooLargeError, UnreadableListError
from domain.blocklists.list_formats.row import MAX_BYTES
from domain.blocklists.list_formats.sniffing import ListFormat
from entrypoints.files import LIST_EXAMPLES
from entrypoints.http.authentication import origin_of, principal_of
from entrypoints.http.begun import begun
from entrypoints.http.blocklists.export import WRITERS, ExportFormat
from entrypoints.http.blocklists.import_schemas import ImportResult
from entrypoints.http.blocklists.schemas import ExportedList
from entrypoints.http.contract import contract
from entrypoints.http.errors import BodyTooLargeError, UnsupportedMediaTypeError
from entrypoints.http.upload import FORM_BYTES, read_upload


@post(
    "/api/v1/dnp/import",
    operation_id="importBlockedArtists",
    summary="Put a whole file of artists on one's list",
    tags=["blocklists"],
    status_code=200,
    request_max_body_size=MAX_BYTES + FORM_BYTES,
    opt=contract(
        UnreadableListError,
        ListTooLargeError,
        ListFullError,
        UnsupportedMediaTypeError,
        BodyTooLargeError,
        patient=True,
        idempotent=True,
        file_upload=LIST_EXAMPLES,
    ),
)
async def import_blocked_artists_route(
    request: Request[Any, Any, Any],
    import_blocked_artists: NamedDependency[ImportBlockedArtists],
    dry_run: Annotated[
        bool, QueryParameter(description="Say what the import would do, and do nothing.")
    ] = False,
    format: Annotated[
        ListFormat | None,
        QueryParameter(description="What the file is; left out, its content says so."),
    ] = None,
) -> ImportResult:
    """Takes a file of artists, whatever it is called: what it is, its content says.

    CSV (comma, semicolon, tab or pipe; columns in any order: `artist,id`, `Name;Spotify ID`),
    JSON (an array, or what the export writes), the lists and backups that the README names, or
    text with a name or link on each line; up to 10 MiB and 100,000 rows. Rows are added by their
    ids; a name alone is never enough and comes back for review. Rows that are over or that one has
    excepted are rejected. All of it happens or nothing; doing it again adds nothing, and
    `undoBulkChange` takes it back.
    """
    upload = await read_upload(request, MAX_BYTES)
    return ImportResult.of(
        await import_blocked_artists(
            FileToImport(
                actor=principal_of(request).user_id,
                content=upload.content,
                name=upload.name,
                origin=origin_of(request),
                format=format,
                dry_run=dry_run,
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
    """Streams every entry, oldest first; each format can be imported again as it is.

    CSV and JSON hold all there is to an entry. Text has a link and the name on each line. The
    trashbin's format has ids on Spotify alone, and so only the artists who have one.
    """
    writer = WRITERS[format]
    chunks = writer.write(export_blocked_artists(principal_of(request).user_id))
    headers = {"content-disposition": f'attachment; filename="do-not-play-list.{writer.extension}"'}
    return Stream(await begun(request, chunks), media_type=writer.media_type, headers=headers)


FILE_ROUTES = (import_blocked_artists_route, export_blocked_artists_route)
