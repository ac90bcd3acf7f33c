"""Query parameters that an operation does not have, or has only once."""

from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from litestar.params import QueryParameter
from litestar.types import ASGIApp, Receive, Scope, Send

from domain.shared.errors import InvalidInputError


def strict_query(app: ASGIApp) -> ASGIApp:
    """A middleware that refuses what would otherwise be ignored: a typing error, mostly."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["query_string"]:
            handler: Any = scope["route_handler"]
            # Whoever comes from elsewhere brings what we have not asked for.
            known = None if handler.opt.get("foreign_query") else _names(handler)
            _check(scope["query_string"], known)
        await app(scope, receive, send)

    return middleware


def _check(query: bytes, known: frozenset[str] | None) -> None:
    seen: set[str] = set()
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        if known is not None and name not in known:
            choice = f"; there are: {', '.join(sorted(known))}" if known else ""
            raise InvalidInputError.of(name[:50] or "query", f"is no parameter here{choice}")
        if name in seen:
            raise InvalidInputError.of(name, "can be given once")
        if "\0" in value:
            raise InvalidInputError.of(name, "text has no NUL character")
        seen.add(name)


@cache
def _names(handler: Any) -> frozenset[str]:
    fields = handler.parsed_fn_signature.parameters.items()
    return frozenset(
        name for name, field in fields if isinstance(field.kwarg_definition, QueryParameter)
    )
