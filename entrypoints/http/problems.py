"""Errors as RFC 9457 problem documents: the one table from kinds to statuses, and the renderer."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import Message, Scope

from domain.accounts.errors import FreshAuthenticationRequiredError, TooManyAttemptsError
from domain.shared.errors import DomainError, ErrorKind, FieldError, InvalidInputError
from entrypoints.http.errors import (
    BodyTooLargeError,
    InternalError,
    MalformedJsonError,
    MalformedRequestError,
    MethodNotAllowedError,
    RouteNotFoundError,
    UnsupportedMediaTypeError,
)
from entrypoints.http.rate_limit import ATTEMPTS, set_standing
from entrypoints.http.wire import Time

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[ErrorKind, int] = {
    ErrorKind.BAD_REQUEST: 400,
    ErrorKind.AUTHENTICATION: 401,
    ErrorKind.AUTHORIZATION: 403,
    ErrorKind.NOT_FOUND: 404,
    ErrorKind.METHOD_NOT_ALLOWED: 405,
    ErrorKind.TIMEOUT: 408,
    ErrorKind.CONFLICT: 409,
    ErrorKind.PRECONDITION_FAILED: 412,
    ErrorKind.TOO_LARGE: 413,
    ErrorKind.UNSUPPORTED_MEDIA_TYPE: 415,
    ErrorKind.VALIDATION: 422,
    ErrorKind.RATE_LIMIT: 429,
    ErrorKind.INTERNAL: 500,
    ErrorKind.INTEGRATION: 502,
    ErrorKind.UNAVAILABLE: 503,
}


_Seconds = Annotated[int, msgspec.Meta(ge=0, description="Seconds, as in the header Retry-After.")]


class FieldProblem(msgspec.Struct, frozen=True, kw_only=True):
    """One input that was refused."""

    field: str
    message: str


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request was refused, and what to do about it (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    timestamp: Time
    retryable: bool
    retry_after: _Seconds | msgspec.UnsetType = msgspec.UNSET
    errors: list[FieldProblem] | msgspec.UnsetType = msgspec.UNSET


def problem_of(error: DomainError, *, instance: str, request_id: str) -> Problem:
    """The document for an error; it holds nothing that the error does not say of itself."""
    return Problem(
        type=f"urn:nodrake:problem:{error.code}",
        title=error.title,
        status=STATUS[error.kind],
        detail=error.detail,
        instance=instance,
        code=error.code,
        request_id=request_id,
        timestamp=datetime.now(UTC),
        retryable=error.retryable,
        retry_after=msgspec.UNSET if error.retry_after is None else error.retry_after,
        errors=[FieldProblem(field=e.field, message=e.message) for e in error.errors]
        or msgspec.UNSET,
    )


def headers_of(error: DomainError) -> dict[str, str]:
    """The header fields that go with an error (RFC 9110 sections 10.2.3 and 11.6.1)."""
    headers = {}
    if error.retry_after is not None:
        headers["retry-after"] = str(error.retry_after)
    if error.kind is ErrorKind.AUTHENTICATION:
        headers["www-authenticate"] = 'Bearer realm="nodrake"' + _CHALLENGES.get(error.code, "")
    return headers


# RFC 9470 section 3.
_CHALLENGES = {
    FreshAuthenticationRequiredError.code: (
        ', error="insufficient_user_authentication", max_age="600"'
    ),
}


def request_id_of(scope: Scope) -> str:
    """The id that the edge gave to the request."""
    return str(scope["state"].get("request_id", ""))


def render_problem(
    request: Request[Any, Any, Any],
    error: DomainError,
    *,
    headers: Mapping[str, str] | None = None,
    **extension: object,
) -> Response[dict[str, object]]:
    """The answer to a request that failed; ``extension`` members are added to the document."""
    request.scope["state"]["problem_code"] = error.code
    if isinstance(error, TooManyAttemptsError) and error.retry_after is not None:
        set_standing(request.scope, ATTEMPTS, 0, error.retry_after)
    document = problem_of(
        error, instance=request.scope["path"], request_id=request_id_of(request.scope)
    )
    return Response(
        {**msgspec.to_builtins(document), **extension},
        status_code=document.status,
        media_type=MEDIA_TYPE,
        headers={**headers_of(error), **(headers or {})},
    )


def plain_problem(scope: Scope, error: DomainError) -> tuple[Message, Message]:
    """The same, as the two messages that it is sent with, where the framework is not at hand."""
    scope["state"]["problem_code"] = error.code
    document = problem_of(error, instance=scope["path"], request_id=request_id_of(scope))
    body = msgspec.json.encode(document)
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        *((name.encode(), value.encode()) for name, value in headers_of(error).items()),
    ]
    start: Any = {"type": "http.response.start", "status": document.status, "headers": headers}
    return start, {"type": "http.response.body", "body": body, "more_body": False}


def handle_domain_error(
    request: Request[Any, Any, Any], error: DomainError
) -> Response[dict[str, object]]:
    """Errors that the product knows by name."""
    return render_problem(request, error)


def handle_http_exception(
    request: Request[Any, Any, Any], error: HTTPException
) -> Response[dict[str, object]]:
    """Errors that Litestar raises itself, in our words: its own may quote the query string."""
    headers = {}
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        request.scope["state"]["exception"] = error
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["allow"] = (error.headers or {}).get("allow") or (error.headers or {}).get(
            "Allow", ""
        )
    return render_problem(request, _in_our_words(error), headers=headers)


def handle_exception(
    request: Request[Any, Any, Any], error: Exception
) -> Response[dict[str, object]]:
    """Whatever nobody expected; the edge logs it with its trace."""
    request.scope["state"]["exception"] = error
    return render_problem(request, internal_error())


def internal_error() -> InternalError:
    """A refusal that says nothing but where to look."""
    return InternalError("It has been logged; quote the request id when you report it.")


_OUR_WORDS: Mapping[int, DomainError] = {
    404: RouteNotFoundError("The API is described at /docs."),
    405: MethodNotAllowedError("The header Allow lists the methods that are."),
    413: BodyTooLargeError("The limits are described at /docs."),
    415: UnsupportedMediaTypeError("The types that are taken are described at /docs."),
}


_MISSING = re.compile(r"Missing required (?:query|header) parameter '([^']{1,100})'")


def _in_our_words(error: HTTPException) -> DomainError:
    if isinstance(error, ValidationException):
        return _invalid_input(error)
    if error.status_code in _OUR_WORDS:
        return _OUR_WORDS[error.status_code]
    if error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        return MalformedRequestError("Compare it with the description at /docs.")
    return internal_error()


def _invalid_input(error: ValidationException) -> DomainError:
    if missing := _MISSING.match(error.detail):
        return InvalidInputError.of(missing[1], "is required")
    entries = [entry for entry in error.extra or [] if isinstance(entry, dict)]
    if any(entry.get("key") == "data" for entry in entries):
        return MalformedJsonError("The body is empty; a JSON object is expected.")
    errors = tuple(
        FieldError(field=str(entry.get("key", "request")), message=_plain(entry.get("message")))
        for entry in entries
    ) or (FieldError(field="request", message="does not fit the description at /docs"),)
    return InvalidInputError(
        "; ".join(f"{error.field}: {error.message}" for error in errors), errors=errors
    )


def _plain(message: object) -> str:
    text = str(message or "is not valid")
    return text[:1].lower() + text[1:]
