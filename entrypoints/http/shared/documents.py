"""What the service says about itself: metrics, the API's document, and a page to read it."""

from functools import cache
from importlib.resources import files

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from entrypoints.http.contract import RouteClass, contract
from entrypoints.http.edge import RequestMetrics

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


@get(
    "/metrics",
    operation_id="getMetrics",
    include_in_schema=False,
    opt=contract(route_class=RouteClass.UNLIMITED),
)
async def get_metrics_route(metrics: NamedDependency[RequestMetrics]) -> Response[bytes]:
    """Measurements in Prometheus's text format."""
    return Response(metrics.render(), media_type="text/plain; version=0.0.4")


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
