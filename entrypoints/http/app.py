"""The HTTP application: routes, middleware and the life of the connections behind them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.routes import HTTPRoute
from litestar.types import ControllerRouterHandler

from domain.shared.errors import DomainError
from entrypoints.container import Container
from entrypoints.http.accounts import link_pages, mail_routes
from entrypoints.http.accounts import routes as accounts
from entrypoints.http.authentication import authentication
from entrypoints.http.blocklists import routes as blocklists
from entrypoints.http.catalog import routes as catalog
from entrypoints.http.contract import rule_of
from entrypoints.http.edge import Edge
from entrypoints.http.notifications import dev_mail
from entrypoints.http.problems import handle_domain_error, handle_exception, handle_http_exception
from entrypoints.http.shared import documents
from entrypoints.http.shared import routes as shared
from entrypoints.http.strict_query import strict_query
from entrypoints.http.strict_request import StrictRequest
from entrypoints.openapi import render_document
from entrypoints.setting_values import Mode
from entrypoints.settings import Settings

API_ROUTES: tuple[ControllerRouterHandler, ...] = (
    *accounts.ROUTES,
    *mail_routes.ROUTES,
    *catalog.ROUTES,
    *blocklists.ROUTES,
    *shared.ROUTES,
)
# What handlers ask for by name.
_PROVIDED = (
    "register_user", "log_in", "refresh_session", "log_out", "get_profile", "update_profile",
    "update_settings", "get_jwks", "request_email_verification", "verify_email",
    "request_password_reset", "reset_password", "change_password", "request_email_change",
    "confirm_email_change", "undo_email_change",
    "search_artists", "list_blocked_artists", "block_artist", "update_blocked_artist",
    "unblock_artist", "import_blocked_artists",
    "export_blocked_artists", "check_health", "check_liveness", "check_readiness", "metrics",
)  # fmt: skip
_BODY_BYTES = 1024 * 1024


def create_app(settings: Settings) -> Edge:
    """The ASGI application; it is built without touching any server."""
    container = Container(settings=settings)
    app = create_litestar(container)
    handlers = [
        handler
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
    ]
    return Edge(
        app,
        log=container.log(),
        metrics=container.metrics(),
        deadline=settings.http.deadline_seconds,
        secure_transport=settings.http.public_url.startswith("https://"),
        patient_paths=frozenset(
            path for handler in handlers if handler.opt.get("patient") for path in handler.paths
        ),
    )


@cache
def api_document() -> bytes:
    """The API's document, as ``spec/openapi.json`` has it; made from the routes alone."""
    return render_document(API_ROUTES, _PROVIDED)


def create_litestar(container: Container) -> Litestar:
    """The framework's part of the application."""
    settings: Settings = container.settings()
    app = Litestar(
        route_handlers=[
            *API_ROUTES,
            *documents.ROUTES,
            *link_pages.ROUTES,
            *(dev_mail.ROUTES if shows_mail(settings) else ()),
        ],
        dependencies={
            **{name: _provide(getattr(container, name)) for name in _PROVIDED},
            "api_document": _provide(api_document),
            "mail_folder": _provide(container.mail_folder),
        },
        request_class=StrictRequest,
        request_max_body_size=_BODY_BYTES,
        middleware=[authentication(container.authenticate()), strict_query],
        exception_handlers={
            DomainError: handle_domain_error,
            HTTPException: handle_http_exception,
            Exception: handle_exception,
        },
        cors_config=CORSConfig(
            allow_origins=list(settings.http.cors_origins),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["authorization", "content-type", "x-request-id"],
            expose_headers=["x-request-id", "retry-after"],
        )
        if settings.http.cors_origins
        else None,
        openapi_config=None,
        # No dependency: with two of them a handler pays for a task group at every request.
        state=State({"cursors": container.cursors()}),
        lifespan=[_connections(container)],
        debug=False,
        logging_config=None,
    )
    check_access(app)
    return app


def shows_mail(settings: Settings) -> bool:
    """Whether messages can be read at ``/dev/mail``: in development, where none is sent."""
    return settings.mode is Mode.DEVELOPMENT and settings.mail.folder is not None


def check_access(app: Litestar) -> None:
    """Refuse to start with a handler for which the policy has no row."""
    undeclared = [
        route.path
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if rule_of(handler) is None and "OPTIONS" not in handler.http_methods
    ]
    if undeclared:
        raise RuntimeError(f"the policy has no row for {', '.join(sorted(undeclared))}")


def _provide(provider: Callable[[], Any]) -> Provide:
    # Litestar refuses a provider itself, since its signature cannot be read.
    return Provide(lambda: provider(), sync_to_thread=False)  # noqa: PLW0108


def _connections(container: Container) -> Callable[[Litestar], Any]:
    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        pool = container.pool()
        await pool.open()
        container.metrics().observe_pool(pool.get_stats)
        try:
            yield
        finally:
            await pool.close(timeout=3)
            await container.redis().aclose()
            container.hashing_places().close()
            container.metrics().close()

    return lifespan
