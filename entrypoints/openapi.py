"""The API's document: what Litestar derives from the routes, mended into a contract.

Litestar knows paths, parameters and operations. What it gets wrong for our purpose is put
right here and nowhere else: schemas come from msgspec (which knows that inputs forbid unknown
fields), each operation has the problems that it declares in place of Litestar's own 400, its
security, an example, and bodies that are not JSON.
"""

import json
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any

import msgspec
from litestar import Litestar
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.routes import HTTPRoute
from litestar.types import ControllerRouterHandler
from litestar.utils.typing import get_origin_or_inner_type

from entrypoints.examples import REFERENCE, example_of
from entrypoints.files import downloads, upload
from entrypoints.header_fields import header_answers, header_parameters, not_modified
from entrypoints.http.contract import rule_of
from entrypoints.http.problems import Problem
from entrypoints.refusals import RATE_LIMIT_HEADERS, STATUS_TEXT, refusals_of, with_rate_limit
from entrypoints.scopes import describe_scopes

Document = dict[str, Any]

_INFO = {
    "title": "No Drake in the House",
    "version": version("nodrake"),
    "summary": "One do-not-play list of artists for every streaming service.",
    "description": (
        "Times are RFC 3339 in UTC, ids are UUIDs. Every refusal is an RFC 9457 problem document "
        "with a stable `code`; `request_id` is what to quote when something goes wrong."
    ),
    "license": {"name": "MIT", "identifier": "MIT"},
}
_TAGS = [
    {"name": "accounts", "description": "Opening an account, signing in and out, settings."},
    {"name": "administration", "description": "Accounts of others, for administrators."},
    {"name": "audit", "description": "What was done, by whom, from where."},
    {"name": "blocklists", "description": "The personal do-not-play list."},
    {"name": "catalog", "description": "Artists and how to find them."},
    {"name": "privacy", "description": "Everything to take away, or everything gone."},
    {"name": "operations", "description": "How the service is doing."},
]


def render_document(routes: Sequence[ControllerRouterHandler], provided: Iterable[str]) -> bytes:
    """OpenAPI 3.1 as JSON: sorted, ending in a line break, the same bytes every time."""
    app = Litestar(
        route_handlers=list(routes),
        # Litestar tells parameters from dependencies by the names of these.
        dependencies={name: Provide(lambda: None, sync_to_thread=False) for name in provided},
        openapi_config=OpenAPIConfig(title="", version="", use_handler_docstrings=True),
        logging_config=None,  # it would take the place of ours, in a process that serves
    )
    raw = app.openapi_schema.to_schema()
    handlers = _handlers(app)
    schemas = _schemas(handlers.values())
    paths: Document = {}
    for path, item in raw["paths"].items():
        for method, operation in item.items():
            handler = handlers[operation["operationId"]]
            paths.setdefault(path, {})[method] = _operation(operation, handler, schemas)
    document = {
        "openapi": "3.1.0",
        "info": _INFO,
        "servers": [{"url": "/", "description": "This service."}],
        "tags": _TAGS,
        "paths": paths,
        "components": {
            "headers": RATE_LIMIT_HEADERS,
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "The access token of a session; it is valid for ten minutes.",
                },
                "api_token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "ndh_…",
                    "description": describe_scopes(handlers),
                },
            },
        },
    }
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def _handlers(app: Litestar) -> dict[str, HTTPRouteHandler]:
    return {
        str(handler.operation_id): handler
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if isinstance(handler.operation_id, str)
    }


def _schemas(handlers: Iterable[HTTPRouteHandler]) -> Document:
    types: list[Any] = [Problem]
    for handler in handlers:
        types += [handler.opt["download"]] if "download" in handler.opt else []
        types += [_answered(handler)] if _answered(handler) else []
        if handler.parsed_data_field is not None:
            types.append(handler.parsed_data_field.annotation)
    _, schemas = msgspec.json.schema_components(
        dict.fromkeys(types), ref_template=REFERENCE + "{name}"
    )
    return {name: _tidy(schema) for name, schema in schemas.items()}


def _answered(handler: HTTPRouteHandler) -> Any:
    """The struct that a handler answers with, or ``None``."""
    field = handler.parsed_fn_signature.return_type
    inner = field.inner_types[0].annotation if field.inner_types else field.annotation
    is_struct = isinstance(inner, type) and issubclass(inner, msgspec.Struct)
    return inner if is_struct and get_origin_or_inner_type(inner) is None else None


def _tidy(schema: Document) -> Document:
    """Drop the titles that only repeat a schema's name; a property may be called so."""
    tidied: Document = {}
    for key, value in schema.items():
        if key == "title":
            continue
        if key == "properties":
            tidied[key] = {name: _tidy(part) for name, part in value.items()}
        elif isinstance(value, dict) and key not in {"default", "const"}:
            tidied[key] = _tidy(value)
        elif key in {"anyOf", "allOf", "oneOf"}:
            tidied[key] = [_tidy(part) for part in value]
        else:
            tidied[key] = value
    return tidied


def _operation(raw: Document, handler: HTTPRouteHandler, schemas: Document) -> Document:
    operation: Document = {
        "operationId": raw["operationId"],
        "summary": raw["summary"],
        "description": raw["description"],
        "tags": raw["tags"],
        "security": _security(handler),
        "responses": {**_answers(handler, schemas), **refusals_of(raw, handler, schemas)},
    }
    parameters = [_parameter(parameter, handler) for parameter in raw.get("parameters", [])]
    if parameters := [*parameters, *header_parameters(handler)]:
        operation["parameters"] = parameters
    if handler.parsed_data_field is not None:
        schema = {"$ref": REFERENCE + handler.parsed_data_field.annotation.__name__}
        operation["requestBody"] = {
            "required": True,
            "content": {
                "application/json": {"schema": schema, "example": example_of(schema, schemas)}
            },
        }
    elif examples := handler.opt.get("file_upload"):
        operation["requestBody"] = upload(examples)
    return operation


def _security(handler: HTTPRouteHandler) -> list[Document]:
    """A session's access token; or an API token, where the policy names a scope for one."""
    rule = rule_of(handler)
    if rule is None or rule.roles is None:
        return []
    return [{"bearer": []}, *([{"api_token": [str(rule.scope)]}] if rule.scope else [])]


def _parameter(raw: Document, handler: HTTPRouteHandler) -> Document:
    schema = {k: v for k, v in raw["schema"].items() if k not in {"description", "allOf", "oneOf"}}
    field: Any = handler.parsed_fn_signature.parameters.get(raw["name"])  # none by another name
    for part in raw["schema"].get("oneOf", ()):
        # Optional, which a parameter says by not being required; an enum is told from its type.
        if "$ref" in part:
            schema |= {"type": "string", "enum": _members(field.inner_types[0].annotation)}
        elif part["type"] != "null":
            schema |= part
    if "allOf" in raw["schema"]:
        schema |= {
            "type": "string",
            "enum": _members(field.annotation),
            "default": str(field.default),
        }
    for bound in ("minimum", "maximum"):
        if bound in schema:
            schema[bound] = int(schema[bound])
    return {
        "name": raw["name"],
        "in": raw["in"],
        "required": raw["required"],
        "description": raw.get("description", "Which one."),
        "schema": schema,
        "example": example_of(schema, {}),
    }


def _members(enum: Iterable[object]) -> list[str]:
    return [str(member) for member in enum]


def _answers(handler: HTTPRouteHandler, schemas: Document) -> Document:
    status = handler.status_code
    answer: Document = {"description": STATUS_TEXT[status]}
    content: Document = {}
    for type_ in (_answered(handler), handler.opt.get("download")):
        if type_ is not None:
            schema = {"$ref": REFERENCE + type_.__name__}
            content["application/json"] = {
                "schema": schema,
                "example": example_of(schema, schemas),
            }
    if "download" in handler.opt:
        content |= downloads()
    for media_type, example in handler.opt.get("answers_also", {}).items():
        content[media_type] = {"schema": {"type": "string"}, "example": example}
    if "archive" in handler.opt:
        content["application/zip"] = {"schema": {"type": "string", "format": "binary"}}
    if content:
        answer["content"] = content
    if fields := header_answers(handler):
        answer["headers"] = fields
    answers = {str(status): answer, **not_modified(handler)}
    if other := handler.opt.get("also_with"):
        answers[str(other)] = answer | {"description": STATUS_TEXT[other]}
    return with_rate_limit(handler, answers)
