"""Routes of the catalogue."""

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from application.catalog.search_artists import SearchArtists, SearchQuery
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
    search_artists: NamedDependency[SearchArtists],
    q: Annotated[
        str,
        QueryParameter(
            min_length=1,
            max_length=255,
            description="The beginning of a name, or of its words in any order.",
        ),
    ],
    limit: Annotated[int, QueryParameter(ge=1, le=100, description="How many hits at most.")] = 20,
) -> ArtistHits:
    """Answers exact names first, then names that begin so, then names with such words."""
    return ArtistHits.of(await search_artists(SearchQuery(text=q, limit=limit)))


ROUTES = (search_artists_route,)
