"""The refusals of each operation, as the API's document describes them."""

from typing import Any

from litestar.handlers import HTTPRouteHandler

from domain.shared.errors import (
    DomainError,
    InvalidInputError,
    RequestInProgressError,
    ServiceUnavailableError,
)
from entrypoints.examples import REFERENCE, example_of
from entrypoints.http.contract import RouteClass, refusals_by_policy, rule_of
from entrypoints.http.errors import (
    BodyTooLargeError,
    InternalError,
    MalformedJsonError,
    MalformedRequestError,
    RequestTimeoutError,
    RouteNotFoundError,
    UnsupportedMediaTypeError,
)
from entrypoints.http.problems import MEDIA_TYPE, STATUS
from entrypoints.http.rate_limit import POLICY, STANDING

Document = dict[str, Any]

STATUS_TEXT = {
    200: "Done.",
    201: "Created.",
    202: "Accepted; it will be done.",
    303: "Go on there.",
    204: "Done; there is nothing to answer.",
    400: "The request cannot be understood.",
    401: "An access token or the right credentials are missing.",
    403: "Whoever asks may not do this.",
    404: "There is no such thing, or it belongs to somebody else.",
    408: "The request did not arrive in time.",
    409: "It is there already, or the same request is being answered at this moment.",
    412: "It has changed since it was read.",
    413: "The body is too large.",
    415: "The body has the wrong content type.",
    422: "Some of the input is not valid; `errors` names each field.",
    429: "Too many requests or attempts; `Retry-After` says when to come back.",
    500: "A fault of the service.",
    502: "A provider does not answer, or not as agreed.",
    503: "Something does not answer in time. `Retry-After` says when to come back.",
}
RATE_LIMIT_FIELDS: Document = {
    POLICY: {"$ref": "#/components/headers/RateLimitPolicy"},
    STANDING: {"$ref": "#/components/headers/RateLimit"},
}
RATE_LIMIT_HEADERS: Document = {
    "RateLimitPolicy": {
        "description": "Requests (`q`) in seconds (`w`) that are allowed, for each policy by name.",
        "schema": {"type": "string"},
        "example": '"burst";q=100;w=60,"hourly";q=1000;w=3600',
    },
    "RateLimit": {
        "description": "The policy that is nearest to its end: how many requests remain (`r`), "
        "and in how many seconds there will be more (`t`).",
        "schema": {"type": "string"},
        "example": '"burst";r=50;t=30',
    },
}
_RETRY_AFTER = {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}}
_CHALLENGE = {"description": "How to sign in (RFC 9110).", "schema": {"type": "string"}}


def refusals_of(raw: Document, handler: HTTPRouteHandler, schemas: Document) -> Document:
    """One response for each status: the codes that the handler declares and those of all."""
    rule = rule_of(handler)
    assert rule is not None, f"the policy has no row for {handler.operation_id}"
    errors: list[type[DomainError]] = [
        *refusals_by_policy(rule),
        *handler.opt["refusals"],
        MalformedRequestError,
        InvalidInputError,
        InternalError,
    ]
    has_json, has_file = handler.parsed_data_field is not None, "file_upload" in handler.opt
    if has_json or has_file:
        errors += [BodyTooLargeError, UnsupportedMediaTypeError]
        errors.append(RequestTimeoutError)
    if has_json:
        errors.append(MalformedJsonError)
    if any(parameter["in"] == "path" for parameter in raw.get("parameters", [])):
        errors.append(RouteNotFoundError)
    if "also_with" not in handler.opt:
        errors.append(ServiceUnavailableError)
    by_status: dict[int, set[type[DomainError]]] = {}
    for error in errors:
        by_status.setdefault(STATUS[error.kind], set()).add(error)
    extensions = handler.opt.get("extensions", {})
    documented = {
        str(status): _refusal(status, sorted(group, key=lambda e: e.code), extensions, schemas)
        for status, group in by_status.items()
    }
    return with_rate_limit(handler, documented)


def with_rate_limit(handler: HTTPRouteHandler, responses: Document) -> Document:
    """The same, with the fields that answers of operations with a limit have."""
    if handler.opt["route_class"] is RouteClass.UNLIMITED:
        return responses
    return {
        status: response | {"headers": {**response.get("headers", {}), **RATE_LIMIT_FIELDS}}
        for status, response in responses.items()
    }


def _refusal(
    status: int,
    errors: list[type[DomainError]],
    extensions: dict[type[DomainError], dict[str, Any]],
    schemas: Document,
) -> Document:
    first = errors[0]
    example = {
        "type": f"urn:nodrake:problem:{first.code}",
        "title": first.title,
        "status": status,
        "detail": "What to do about it, in a sentence.",
        "instance": "/api/v1/…",
        "code": first.code,
        "request_id": "0d9f0c7a5e6b4f0f8a52a4f1c0de7a11",
        "timestamp": "2026-01-31T12:00:00Z",
        "retryable": first.retryable,
    }
    for name, type_ in extensions.get(first, {}).items():
        example[name] = example_of({"$ref": REFERENCE + type_.__name__}, schemas)
    # What comes with one code does not come with the others.
    plain = [error for error in errors if error not in extensions]
    variants = [
        _problem(status, [error], extensions[error]) for error in errors if error in extensions
    ]
    variants += [_problem(status, plain, {})] if plain else []
    response: Document = {
        "description": STATUS_TEXT[status],
        "content": {
            MEDIA_TYPE: {
                "schema": variants[0] if len(variants) == 1 else {"oneOf": variants},
                "example": example,
            }
        },
    }
    if status in {429, 503} or RequestInProgressError in errors:
        example["retry_after"] = 1
        response["headers"] = {"Retry-After": _RETRY_AFTER}
    if status == STATUS[InvalidInputError.kind]:
        example["errors"] = [{"field": "field", "message": "what is expected of it"}]
    if status == 401:
        response["headers"] = {"WWW-Authenticate": _CHALLENGE}
    return response


def _problem(status: int, errors: list[type[DomainError]], extension: dict[str, Any]) -> Document:
    narrowed: Document = {
        "type": "object",
        "properties": {
            "code": {"type": "string", "enum": [error.code for error in errors]},
            "status": {"type": "integer", "enum": [status]},
        },
        "required": ["code", "status", *extension],
    }
    for name, type_ in extension.items():
        narrowed["properties"][name] = {"$ref": REFERENCE + type_.__name__}
    return {"allOf": [{"$ref": REFERENCE + "Problem"}, narrowed]}
