"""Routes of the catalogue."""

from typing import Annotated, Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from application.catalog.search_artists import SearchArtists, SearchQuery
from entrypoints.http.authentication import principal_of
from entrypoints.http.catalog.schemas import ArtistHits
from entrypoints.http.contract import contract


@get(
    "/api/v1/dnp/search",
    operation_id="searchArtists",
    summary="Look artists up by name",
    tags=["catalog"],
    opt=contract(),
)
async def search_artists_route(
    request: Request[Any, Any, Any],
    search_artists: NamedDependency[SearchArtists],
    q: Annotated[
        str,
        QueryParameter(
            min_length=1,
            max_length=255,
            description="A name, its beginning or its words in any order; typos are forgiven.",
        ),
    ],
    limit: Annotated[int, QueryParameter(ge=1, le=100, description="How many hits at most.")] = 20,
) -> ArtistHits:
    """Answers exact names first, then names that begin so, then by typos; each hit says why."""
    query = SearchQuery(actor=principal_of(request).user_id, text=q, limit=limit)
    return ArtistHits.of(await search_artists(query))


ROUTES = (search_artists_route,)
