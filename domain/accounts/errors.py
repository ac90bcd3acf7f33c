"""What can go wrong with an account, in words that give nothing away."""

from domain.shared.errors import DomainError, ErrorKind


class EmailAlreadyRegisteredError(DomainError):
    """Somebody has an account with this e-mail address already."""

    code = "accounts.email_already_registered"
    kind = ErrorKind.CONFLICT
    title = "This e-mail address has an account already"


class InvalidCredentialsError(DomainError):
    """E-mail address and password do not belong together; which of them is wrong is not said."""

    code = "accounts.invalid_credentials"
    kind = ErrorKind.AUTHENTICATION
    title = "The e-mail address or the password is wrong"


class AuthenticationRequiredError(DomainError):
    """The operation needs an access token, and none that is valid came with the request."""

    code = "accounts.authentication_required"
    kind = ErrorKind.AUTHENTICATION
    title = "Sign in to do this"


class NotPermittedError(DomainError):
    """The person is signed in, but this is not theirs to do."""

    code = "accounts.not_permitted"
    kind = ErrorKind.AUTHORIZATION
    title = "You are not allowed to do this"


class InvalidRefreshTokenError(DomainError):
    """A refresh token that is unknown, expired, used before or revoked."""

    code = "accounts.invalid_refresh_token"
    kind = ErrorKind.AUTHENTICATION
    title = "The session has ended"


class TooManyAttemptsError(DomainError):
    """More attempts than a person would make; ``retry_after`` says when to come back."""

    code = "accounts.too_many_attempts"
    kind = ErrorKind.RATE_LIMIT
    title = "Too many attempts"
    retryable = True


class SignInBusyError(DomainError):
    """Every place for checking a password is taken; nothing was tried."""

    code = "accounts.sign_in_busy"
    kind = ErrorKind.UNAVAILABLE
    title = "Too many people are signing in at this moment"
    retryable = True
