"""The one tree of errors that the product answers with.

Every error has a stable ``code`` (``<context>.<what_happened>``, only ever added to) and a
``kind``, from which the edge derives the HTTP status. No error derives from ``ValueError``:
raised inside a struct's ``__post_init__`` it would turn into msgspec's own error.
"""

from enum import StrEnum
from typing import ClassVar

import msgspec


class ErrorKind(StrEnum):
    """What sort of refusal an error is; the edge maps each to one HTTP status."""

    BAD_REQUEST = "bad_request"
    VALIDATION = "validation"
    AUTHENTICATION = "authentication"
    AUTHORIZATION = "authorization"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    CONFLICT = "conflict"
    PRECONDITION_FAILED = "precondition_failed"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    RATE_LIMIT = "rate_limit"
    INTEGRATION = "integration"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


class FieldError(msgspec.Struct, frozen=True, kw_only=True):
    """One input that was refused, and what would be accepted instead."""

    field: str
    message: str


class DomainError(Exception):
    """A refusal in the product's own words, safe to show to the person who caused it."""

    code: ClassVar[str]
    kind: ClassVar[ErrorKind]
    title: ClassVar[str]
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        detail: str,
        *,
        errors: tuple[FieldError, ...] = (),
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.retry_after = retry_after


class InvalidInputError(DomainError):
    """One or more fields break a rule; ``errors`` names each of them."""

    code = "shared.invalid_input"
    kind = ErrorKind.VALIDATION
    title = "Some of the input is not valid"

    @classmethod
    def of(cls, field: str, message: str) -> "InvalidInputError":
        """A refusal of a single field."""
        return cls(f"{field}: {message}", errors=(FieldError(field=field, message=message),))


class BadCursorError(DomainError):
    """A page cursor that this service did not hand out for this listing."""

    code = "shared.bad_cursor"
    kind = ErrorKind.BAD_REQUEST
    title = "The cursor is not valid"


class PreconditionFailedError(DomainError):
    """What is to change is no longer as the caller last saw it; nothing was changed."""

    code = "shared.precondition_failed"
    kind = ErrorKind.PRECONDITION_FAILED
    title = "It has changed since you read it"


class RequestInProgressError(DomainError):
    """A request with the same key is being answered at this moment."""

    code = "shared.request_in_progress"
    kind = ErrorKind.CONFLICT
    title = "The same request is being answered at this moment"
    retryable = True


class IdempotencyKeyReusedError(DomainError):
    """The key belongs to another request of the same sender."""

    code = "shared.idempotency_key_reused"
    kind = ErrorKind.VALIDATION
    title = "This key was used for another request"


class TooManyRequestsError(DomainError):
    """More requests than one subject may send; ``retry_after`` says when to come back."""

    code = "shared.too_many_requests"
    kind = ErrorKind.RATE_LIMIT
    title = "Too many requests"
    retryable = True


class ServiceUnavailableError(DomainError):
    """Something that the answer depends on did not answer in time; it may answer later."""

    code = "shared.unavailable"
    kind = ErrorKind.UNAVAILABLE
    title = "The service is not available for the moment"
    retryable = True


class ConnectionLostError(ServiceUnavailableError):
    """What keeps the data was lost half-way: whether the change was made, nobody has heard."""


class UnreadableSecretError(DomainError):
    """A stored secret that was altered or moved, or whose key this deployment lacks."""

    code = "shared.unreadable_secret"
    kind = ErrorKind.INTERNAL
    title = "Something that was stored cannot be read"
