"""The HTTP application: routes, middleware and the life of the connections behind them."""

import re
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

from domain.accounts.attempts import SIGN_IN_LIMITS
from domain.accounts.policy import POLICY
from domain.shared.errors import DomainError
from entrypoints.container import Container
from entrypoints.http.accounts import (
    admin_routes,
    mail_routes,
    passkeys_routes,
    provider_routes,
    second_factor_routes,
    session_routes,
    tokens_routes,
)
from entrypoints.http.accounts import routes as accounts
from entrypoints.http.accounts.session_cookie import trusted_origins
from entrypoints.http.audit import routes as audit
from entrypoints.http.authentication import authentication
from entrypoints.http.blocklists import bulk_routes, list_routes, track_routes
from entrypoints.http.blocklists import routes as blocklists
from entrypoints.http.blocklists.file_routes import FILE_ROUTES
from entrypoints.http.catalog import identity_routes
from entrypoints.http.catalog import routes as catalog
from entrypoints.http.client_address import ClientAddress, client_address
from entrypoints.http.contract import RouteClass, rule_of
from entrypoints.http.edge import Edge
from entrypoints.http.enforcement import routes as enforcement
from entrypoints.http.idempotency import FIELD, REPLAYED, idempotency
from entrypoints.http.notifications import dev_mail
from entrypoints.http.privacy import routes as privacy
from entrypoints.http.problems import handle_domain_error, handle_exception, handle_http_exception
from entrypoints.http.shared import documents
from entrypoints.http.shared import routes as shared
from entrypoints.http.strict_query import strict_query
from entrypoints.http.strict_request import StrictRequest
from entrypoints.http.throttling import throttling
from entrypoints.http.web import link_pages
from entrypoints.http.web import routes as web
from entrypoints.http.web.files import read_web_files
from entrypoints.openapi import render_document
from entrypoints.setting_values import Mode
from entrypoints.settings import Settings

API_ROUTES: tuple[ControllerRouterHandler, ...] = (
    *accounts.ROUTES,
    *second_factor_routes.ROUTES,
    *session_routes.ROUTES,
    *admin_routes.ROUTES,
    *passkeys_routes.ROUTES,
    *tokens_routes.ROUTES,
    *provider_routes.ROUTES,
    *mail_routes.ROUTES,
    *catalog.ROUTES,
    *identity_routes.ROUTES,
    *list_routes.ROUTES,
    *blocklists.ROUTES,
    *bulk_routes.ROUTES,
    *track_routes.ROUTES,
    *FILE_ROUTES,
    *enforcement.ROUTES,
    *privacy.ROUTES,
    *audit.ROUTES,
    *shared.ROUTES,
)
# What handlers ask for by name: the use case of each operation, and what documents need.
_DOCUMENTS = {
    "getMetrics", "getOpenapi", "getDocs", "getDocsAsset", "getDevMailList", "getDevMail",
    "getDevMailHtml", "getLinkPage", "getLinkPageAsset", "getWebApp", "getWebAsset", "getWebFile",
}  # fmt: skip
_PROVIDED = (
    *(
        re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
        for operation in POLICY
        if operation not in _DOCUMENTS
    ),
    "exposition",
)
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
        traces=container.tracing(),
        deadline=settings.http.deadline_seconds,
        database_answers=container.database_probe().answers,
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
            *web.ROUTES,
            *(dev_mail.ROUTES if shows_mail(settings) else ()),
        ],
        dependencies={
            **{name: _provide(getattr(container, name)) for name in _PROVIDED},
            "api_document": _provide(api_document),
            "mail_folder": _provide(container.mail_folder),
        },
        request_class=StrictRequest,
        request_max_body_size=_BODY_BYTES,
        middleware=[
            client_address(ClientAddress(settings.http.trusted_proxies)),
            authentication(container.authenticate(), container.urgent()),
            throttling(
                container.request_throttle(),
                settings.http.request_limits,
                {
                    RouteClass.SIGN_IN: max(SIGN_IN_LIMITS, key=lambda limit: limit.lock),
                    RouteClass.REGISTRATION: container.registration_limit(),
                },
            ),
            strict_query,
            idempotency(container.answer_once(), container.request_digest),
        ],
        exception_handlers={
            DomainError: handle_domain_error,
            HTTPException: handle_http_exception,
            Exception: handle_exception,
        },
        cors_config=CORSConfig(
            allow_origins=list(settings.http.cors_origins),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=[
                "authorization",
                "content-type",
                "x-request-id",
                "if-match",
                "if-none-match",
                FIELD.lower(),
            ],
            expose_headers=[
                "x-request-id",
                "retry-after",
                "ratelimit",
                "ratelimit-policy",
                "etag",
                REPLAYED.lower(),
            ],
        )
        if settings.http.cors_origins
        else None,
        openapi_config=None,
        # No dependency: with two of them a handler pays for a task group at every request.
        state=State(
            {
                "cursors": container.cursors(),
                "audit_cursors": container.audit_cursors(),
                "web_files": read_web_files(web.FOLDER),
                "public_url": settings.http.public_url,
                "trusted_origins": trusted_origins(
                    settings.http.public_url, settings.http.cors_origins, settings.http.port
                ),
            }
        ),
        lifespan=[_connections(container)],
        debug=False,
        logging_config=None,
    )
    check_access(app)
    check_retries(app)
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


def check_retries(app: Litestar) -> None:
    """Refuse to start with a POST that neither takes a key nor says why it needs none."""
    undeclared = [
        route.path
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if "POST" in handler.http_methods
        and bool(handler.opt.get("idempotent")) is bool(handler.opt.get("needs_no_key"))
    ]
    if undeclared:
        raise RuntimeError(f"is it safe to send again: {', '.join(sorted(undeclared))}")


def _provide(provider: Callable[[], Any]) -> Provide:
    # Litestar refuses a provider itself, since its signature cannot be read.
    return Provide(lambda: provider(), sync_to_thread=False)  # noqa: PLW0108


def _connections(container: Container) -> Callable[[Litestar], Any]:
    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        pool = container.pool()
        await pool.open()
        try:  # left open, the pool would keep a process that cannot start from ending
            container.metrics().observe_pool(pool.get_stats)
            await container.neighbours().open(container.exposition().own_page)
            yield
        finally:
            await container.api_token_uses().settle()
            await pool.close(timeout=3)
            await container.redis().aclose()
            await container.identity_providers().aclose()
            container.hashing_places().close()
            container.long_work().close()
            await container.neighbours().close()
            container.metrics().close()
            container.tracing().close()

    return lifespan
