"""What the service says about itself: metrics, the API's document, and a page to read it."""

from functools import cache
from importlib.resources import files
from typing import Any, Protocol, runtime_checkable

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from entrypoints.http.contract import RouteClass, contract

_SWAGGER_UI = next(
    folder
    for folder in (files("swagger_ui_bundle") / "vendor").iterdir()
    if folder.name.startswith("swagger-ui-")
)
_ASSETS = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "start.js": "text/javascript",
}
_START = """SwaggerUIBundle({
  url: "/api-docs/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  tryItOutEnabled: true,
  persistAuthorization: false,
});
"""
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API of No Drake in the House</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<main id="docs"></main>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/assets/start.js"></script>
</body>
</html>
"""
# The page draws with inline styles; it holds no data of anybody and runs no inline script.
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@runtime_checkable  # a handler asks for it, and Litestar checks what handlers are given
class MetricsPage(Protocol):
    """What is measured, as a page."""

    async def __call__(self, accept: str) -> tuple[bytes, str]:
        """The page in a format that is accepted, and its content type."""
        ...


@get(
    "/metrics",
    operation_id="getMetrics",
    include_in_schema=False,
    opt=contract(route_class=RouteClass.UNLIMITED),
)
async def get_metrics_route(
    request: Request[Any, Any, Any], exposition: NamedDependency[MetricsPage]
) -> Response[bytes]:
    """Measurements for Prometheus, in its text format or OpenMetrics, which shows exemplars."""
    page, media_type = await exposition(request.headers.get("accept", ""))
    return Response(page, media_type=media_type.removesuffix("; charset=utf-8"))


@get(
    "/api-docs/openapi.json",
    operation_id="getOpenapi",
    include_in_schema=False,
    opt=contract(route_class=RouteClass.UNLIMITED),
)
async def get_openapi_route(api_document: NamedDependency[bytes]) -> Response[bytes]:
    """The API's document, the same bytes as ``spec/openapi.json``."""
    return Response(
        api_document,
        media_type="application/json",
        headers={"cache-control": "public, max-age=300"},
    )


@get(
    "/docs",
    operation_id="getDocs",
    include_in_schema=False,
    opt=contract(route_class=RouteClass.UNLIMITED),
)
async def get_docs_route() -> Response[str]:
    """A page on which the API can be read and tried, from local files only."""
    return Response(
        _PAGE,
        media_type="text/html",
        headers={"content-security-policy": _PAGE_POLICY},
    )


@get(
    "/docs/assets/{name:str}",
    operation_id="getDocsAsset",
    include_in_schema=False,
    opt=contract(route_class=RouteClass.UNLIMITED),
)
async def get_docs_asset_route(name: FromPath[str]) -> Response[bytes]:
    """One of the page's few files."""
    if name not in _ASSETS:
        raise NotFoundException
    return Response(
        _asset(name),
        media_type=_ASSETS[name],
        headers={"cache-control": "public, max-age=86400"},
    )


@cache
def _asset(name: FromPath[str]) -> bytes:
    return _START.encode() if name == "start.js" else (_SWAGGER_UI / name).read_bytes()


ROUTES = (get_metrics_route, get_openapi_route, get_docs_route, get_docs_asset_route)
