"""Routes of what a list means for a library."""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from application.enforcement.scan_library import LibraryToScan, ScanLibrary
from domain.enforcement.report import ScanReport
from domain.shared.library_export.errors import ExportTooLargeError, UnreadableExportError
from entrypoints.http.authentication import principal_of
from entrypoints.http.contract import contract
from entrypoints.http.enforcement.schemas import LibraryScan
from entrypoints.http.errors import BodyTooLargeError, UnsupportedMediaTypeError
from entrypoints.http.upload import FORM_BYTES, read_upload
from entrypoints.scan_report.as_csv import as_csv
from entrypoints.scan_report.checklist import as_markdown

# Spotify cuts a listening history every 12 MiB, and a YourLibrary.json of 50,000 tracks has 10:
# twice of either goes in. What is larger is for `nodrake scan`, which needs no server.
MAX_BYTES = 25 * 1024 * 1024
_EXAMPLES = {
    "text/csv": "Track URI,Track Name,Artist URI(s),Artist Name(s)\n"
    "spotify:track:5ec16T2vMbjJi4luOqt6ps,Slow Tide,"
    "spotify:artist:3ec16T2vMbjJi4luOqt6ps,Neural Groove Machine\n",
}


class ReportFormat(StrEnum):
    """How a report is written."""

    JSON = "json"
    CSV = "csv"
    CHECKLIST = "checklist"


_WRITTEN: dict[ReportFormat, tuple[str, Callable[[ScanReport], bytes]]] = {
    ReportFormat.JSON: (
        "application/json",
        lambda report: msgspec.json.encode(LibraryScan.of(report)),
    ),
    ReportFormat.CSV: ("text/csv", lambda report: "".join(as_csv([(None, report)])).encode()),
    ReportFormat.CHECKLIST: (
        "text/markdown",
        lambda report: "".join(as_markdown([(None, report)])).encode(),
    ),
}
_FILES = {ReportFormat.CSV: "library-scan.csv", ReportFormat.CHECKLIST: "removal-checklist.md"}


@post(
    "/api/v1/library/scan",
    operation_id="scanLibrary",
    summary="Hold one's own library export against one's list",
    tags=["enforcement"],
    status_code=200,
    request_max_body_size=MAX_BYTES + FORM_BYTES,
    opt=contract(
        UnreadableExportError,
        ExportTooLargeError,
        UnsupportedMediaTypeError,
        BodyTooLargeError,
        patient=True,
        needs_no_key="it changes nothing, and nothing of the file is kept",
        file_upload=_EXAMPLES,
        answers_also={
            "text/csv": "kind,title,artists,…\r\ntrack,Slow Tide,Neural Groove Machine,…\r\n",
            "text/markdown": "# Removal checklist\n",
        },
    ),
)
async def scan_library_route(
    request: Request[Any, Any, Any],
    scan_library: NamedDependency[ScanLibrary],
    features: Annotated[
        bool,
        QueryParameter(description="Whether guests count: featured, with, remixers, producers."),
    ] = True,
    format: Annotated[
        ReportFormat, QueryParameter(description="How to write what was found.")
    ] = ReportFormat.JSON,
) -> Response[LibraryScan]:
    """Says which tracks, albums and followed artists the list concerns, and why.

    Takes Spotify's `YourLibrary.json` and streaming history, Exportify's CSV, iTunes'
    `Library.xml`, the songs of YouTube Music's Takeout, and M3U playlists, told by their content;
    up to 25 MiB and 150,000 entries. Matches by id where the file has ids, else by name, which
    is less sure. Nothing of the file is kept.
    """
    report = await scan_library(
        LibraryToScan(
            actor=principal_of(request).user_id,
            content=(await read_upload(request, MAX_BYTES)).content,
            features=features,
        )
    )
    media_type, write = _WRITTEN[format]
    # Bytes, written in a thread as well: a report may be as long as the library.
    content: Any = await asyncio.to_thread(write, report)
    headers = (
        {"content-disposition": f'attachment; filename="{_FILES[format]}"'}
        if format in _FILES
        else None
    )
    return Response(content, media_type=media_type, headers=headers)


ROUTES = (scan_library_route,)
