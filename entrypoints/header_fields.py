"""Header fields of conditional and repeatable requests, as the API's document describes them."""

from typing import Any

from litestar.handlers import HTTPRouteHandler

from entrypoints.http.idempotency import FIELD, PATTERN, REPLAYED

Document = dict[str, Any]

_ETAG_EXAMPLE = '"3f1f5ab7c0e94d0b8a52a4f1"'
_KEY: Document = {
    "name": FIELD,
    "in": "header",
    "required": False,
    "description": (
        "A key of your making, a random one for each request: sent again with the same key "
        "within 24 hours, the request has no second effect and is given the first answer."
    ),
    "schema": {"type": "string", "pattern": PATTERN},
    "example": "7c0a5d0e9b7f4f6c8a52a4f1c0de7a11",
}
_IF_MATCH: Document = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "Change it only if its entity tag is still one of these (RFC 9110).",
    "schema": {"type": "string"},
    "example": _ETAG_EXAMPLE,
}
_IF_NONE_MATCH: Document = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "Answer 304 without a body if the entity tag is one of these (RFC 9110).",
    "schema": {"type": "string"},
    "example": _ETAG_EXAMPLE,
}
_ETAG: Document = {
    "description": "The strong entity tag of what is answered (RFC 9110).",
    "schema": {"type": "string"},
    "example": _ETAG_EXAMPLE,
}
_REPLAYED: Document = {
    "description": "`true` on an answer that was given to an earlier request with the same key.",
    "schema": {"type": "string", "enum": ["true"]},
}


def header_parameters(handler: HTTPRouteHandler) -> list[Document]:
    """The header fields that an operation takes."""
    if handler.opt["idempotent"]:
        return [_KEY]
    if not handler.opt["tagged"] or "POST" in handler.http_methods:
        return []
    return [_IF_NONE_MATCH if "GET" in handler.http_methods else _IF_MATCH]


def header_answers(handler: HTTPRouteHandler) -> Document:
    """The header fields of an operation's answer when it is done."""
    fields = {}
    if handler.opt["tagged"] and handler.status_code != 204:
        fields["ETag"] = _ETAG
    if handler.opt["idempotent"]:
        fields[REPLAYED] = _REPLAYED
    return fields


def not_modified(handler: HTTPRouteHandler) -> Document:
    """The answer to somebody who has it already, where there is one."""
    if not handler.opt["tagged"] or "GET" not in handler.http_methods:
        return {}
    return {"304": {"description": "You have it already.", "headers": {"ETag": _ETAG}}}
