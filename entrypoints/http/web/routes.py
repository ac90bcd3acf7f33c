"""The web app: its screens, which are all one page, and the files that the page asks for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from domain.shared.service_links import PICTURE_SOURCES
from entrypoints.http.contract import RouteClass, contract
from entrypoints.http.web.files import ENCODINGS, WebFile

FOLDER = Path(__file__).parents[3] / "clients" / "web" / "dist"
# The addresses of screens, as clients/web/src/router.ts has them; tests hold the two together.
SCREENS = [
    "/",
    "/welcome",
    "/sign-in",
    "/sign-up",
    "/forgotten-password",
    "/signed-in",
    "/sign-in-failed",
    "/import",
    "/export",
    "/scan",
    "/settings",
    "/settings/email",
    "/settings/security",
    "/settings/passkeys",
    "/settings/providers",
    "/settings/sessions",
    "/settings/tokens",
    "/settings/activity",
    "/settings/data",
]
# Where links in messages lead: without the app, the service has pages of its own there.
LINKED = ["/verify-email", "/reset-password", "/confirm-email", "/undo-email-change"]
# The service worker among them: from the root, it may look after all screens.
LASTING = [
    "icon.svg",
    "icon-192.png",
    "icon-512.png",
    "icon-maskable-192.png",
    "icon-maskable-512.png",
    "apple-touch-icon.png",
    "app.webmanifest",
    "service-worker.js",
]
_PAGE = "index.html"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    f"img-src 'self' data: blob: {PICTURE_SOURCES}; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_FOREVER = "public, max-age=31536000, immutable"  # the name changes with the content
_ASK_AGAIN = "no-cache"
_NOT_BUILT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>No Drake in the House</title>
<h1>No Drake in the House</h1>
<p>The service is running. Its web app has not been built: that needs Node 20.19 or later.
Install Node, then start again with <code>make run</code>.</p>
<p>The API can be <a href="/docs">read and tried</a> meanwhile.</p>
</html>
"""


@get(
    SCREENS,
    operation_id="getWebApp",
    include_in_schema=False,
    opt=contract(route_class=RouteClass.UNLIMITED, foreign_query=True),
)
async def get_web_app_route(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The page that all screens are; it reads its address itself."""
    page = app_page(request)
    if page is None:
        headers = {"cache-control": "no-store", "content-security-policy": _POLICY}
        return Response(
            _NOT_BUILT.encode(), media_type="text/html", status_code=503, headers=headers
        )
    return page


def app_page(request: Request[Any, Any, Any]) -> Response[bytes] | None:
    """The page, where the app was built."""
    page = _files(request).get(_PAGE)
    return None if page is None else _sent(request, page, _ASK_AGAIN)


@get(
    "/assets/{name:str}",
    operation_id="getWebAsset",
    include_in_schema=False,
    opt=contract(route_class=RouteClass.UNLIMITED),
)
async def get_web_asset_route(
    request: Request[Any, Any, Any], name: FromPath[str]
) -> Response[bytes]:
    """A script, a style or a picture, whose name holds a digest of its content."""
    file = _files(request).get(f"assets/{name}")
    if file is None:
        raise NotFoundException
    return _sent(request, file, _FOREVER)


@get(
    [f"/{name}" for name in LASTING],
    operation_id="getWebFile",
    include_in_schema=False,
    opt=contract(route_class=RouteClass.UNLIMITED),
)
async def get_web_file_route(request: Request[Any, Any, Any]) -> Response[bytes]:
    """What browsers look for under a name that does not change."""
    file = _files(request).get(request.url.path.removeprefix("/"))
    if file is None:
        raise NotFoundException
    return _sent(request, file, _ASK_AGAIN)


def _files(request: Request[Any, Any, Any]) -> Mapping[str, WebFile]:
    files: Mapping[str, WebFile] = request.app.state["web_files"]
    return files


def _sent(request: Request[Any, Any, Any], file: WebFile, caching: str) -> Response[bytes]:
    headers = {
        "cache-control": caching,
        "etag": file.etag,
        "vary": "accept-encoding",
        "content-security-policy": _POLICY,
    }
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    accepted = _accepted(request.headers.get("accept-encoding", ""))
    for encoding in ENCODINGS:
        if encoding in accepted and encoding in file.encoded:
            headers["content-encoding"] = encoding
            return Response(file.encoded[encoding], media_type=file.media_type, headers=headers)
    return Response(file.content, media_type=file.media_type, headers=headers)


def _accepted(header: str) -> set[str]:
    """The encodings that a browser takes; those with a weight of nothing it does not."""
    parts = [part.replace(" ", "").lower().partition(";q=") for part in header.split(",")]
    return {name for name, _, weight in parts if weight.strip("0.") or not weight}


ROUTES = (get_web_app_route, get_web_asset_route, get_web_file_route)
