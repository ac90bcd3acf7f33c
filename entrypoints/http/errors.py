"""What can be wrong with a request before any use case sees it."""

from domain.shared.errors import DomainError, ErrorKind


class MalformedJsonError(DomainError):
    """The body is not JSON as RFC 8259 and RFC 7493 (I-JSON) have it."""

    code = "http.malformed_json"
    kind = ErrorKind.BAD_REQUEST
    title = "The body is not well-formed JSON"


class MalformedRequestError(DomainError):
    """Something else about the request cannot be understood."""

    code = "http.malformed_request"
    kind = ErrorKind.BAD_REQUEST
    title = "The request could not be understood"


class UnsupportedMediaTypeError(DomainError):
    """The body is of a type that the operation does not take."""

    code = "http.unsupported_media_type"
    kind = ErrorKind.UNSUPPORTED_MEDIA_TYPE
    title = "The body has the wrong content type"


class BodyTooLargeError(DomainError):
    """The body is larger than the operation takes."""

    code = "http.body_too_large"
    kind = ErrorKind.TOO_LARGE
    title = "The body is too large"


class RouteNotFoundError(DomainError):
    """Nothing is at this address."""

    code = "http.not_found"
    kind = ErrorKind.NOT_FOUND
    title = "There is nothing at this address"


class MethodNotAllowedError(DomainError):
    """The address exists, but not with this method; ``Allow`` lists those that do."""

    code = "http.method_not_allowed"
    kind = ErrorKind.METHOD_NOT_ALLOWED
    title = "This method is not possible here"


class RequestTimeoutError(DomainError):
    """The request did not arrive in time."""

    code = "http.request_timeout"
    kind = ErrorKind.TIMEOUT
    title = "The request took too long to arrive"
    retryable = True


class InternalError(DomainError):
    """A fault of the service itself; the log has it under the request's id."""

    code = "http.internal_error"
    kind = ErrorKind.INTERNAL
    title = "Something went wrong on our side"
