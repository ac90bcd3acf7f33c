"""The route by which a do-not-play list is read, page by page."""

from typing import Annotated, Any

import msgspec
from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from application.blocklists.list_blocked_artists import ListBlockedArtists
from application.blocklists.ports import ListOrder, ListSlice
from domain.blocklists.dnp_entry import SourceKind
from domain.catalog.artist_name import search_key
from domain.shared.errors import BadCursorError, InvalidInputError
from entrypoints.http.authentication import principal_of
from entrypoints.http.blocklists.cursor import CursorCodec
from entrypoints.http.blocklists.schemas import DnpEntry, DnpPage
from entrypoints.http.contract import contract


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
    limit: Annotated[int, QueryParameter(ge=1, le=1000, description="Entries at most.")] = 50,
    cursor: Annotated[
        str | None,
        QueryParameter(max_length=2048, description="`next_cursor` of the page before."),
    ] = None,
    tag: Annotated[
        str | None, QueryParameter(max_length=50, description="Only with this tag.")
    ] = None,
    q: Annotated[
        str | None,
        QueryParameter(
            max_length=255, description="Only what has this in a name, an alias, a tag or the note."
        ),
    ] = None,
    source: Annotated[
        SourceKind | None, QueryParameter(description="Only what comes from there.")
    ] = None,
    source_name: Annotated[
        str | None,
        QueryParameter(
            max_length=100,
            description="Only what comes from the file or list of this name; empty for those "
            "without one.",
        ),
    ] = None,
    sort: Annotated[
        ListOrder, QueryParameter(description="By date or name; a minus turns the order round.")
    ] = ListOrder.NEWEST,
) -> DnpPage:
    """Answers a page at a time; keep filter and sort while following `next_cursor`.

    A list has at most 200,000 entries and 1,000 tags. An entry with an end is gone when it comes.
    """
    if source is None and "source" in request.query_params:  # "null" is read as none
        raise InvalidInputError.of("source", f"expected one of {', '.join(SourceKind)}")
    cursors: CursorCodec = request.app.state.cursors
    query = ListSlice(
        user_id=principal_of(request).user_id,
        order=sort,
        limit=limit,
        after=None,
        tag=tag,
        text=search_key(q) if q else None,
        source=source,
        source_name=source_name,
    )
    if cursor is not None:
        query = msgspec.structs.replace(query, after=cursors.read(cursor, query))
    page = await list_blocked_artists(query)
    return DnpPage(
        items=[DnpEntry.of(entry) for entry in page.entries],
        next_cursor=cursors.write(page.next, query) if page.next else None,
    )


ROUTES = (list_blocked_artists_route,)
