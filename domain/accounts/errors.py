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


class InsufficientScopeError(DomainError):
    """The API token was not given what the operation needs (RFC 6750 section 3.1)."""

    code = "accounts.insufficient_scope"
    kind = ErrorKind.AUTHORIZATION
    title = "The API token may not do this"


class FreshAuthenticationRequiredError(DomainError):
    """The last proof of identity is too old for this operation (RFC 9470)."""

    code = "accounts.fresh_authentication_required"
    kind = ErrorKind.AUTHENTICATION
    title = "Prove again who you are"


class TotpRequiredError(DomainError):
    """The password is right, and the account has a second factor."""

    code = "accounts.totp_required"
    kind = ErrorKind.AUTHENTICATION
    title = "The account asks for a second factor"


class InvalidSecondFactorError(DomainError):
    """A code that is wrong, too old or used already."""

    code = "accounts.invalid_second_factor"
    kind = ErrorKind.AUTHENTICATION
    title = "The code is not valid"


class TotpEnabledError(DomainError):
    """The account has a second factor already."""

    code = "accounts.totp_enabled"
    kind = ErrorKind.CONFLICT
    title = "Two-factor authentication is on already"


class TotpNotEnabledError(DomainError):
    """The account has no second factor."""

    code = "accounts.totp_not_enabled"
    kind = ErrorKind.CONFLICT
    title = "Two-factor authentication is off"


class SessionNotFoundError(DomainError):
    """No such session of this person is open."""

    code = "accounts.session_not_found"
    kind = ErrorKind.NOT_FOUND
    title = "There is no such session"


class UserNotFoundError(DomainError):
    """Nobody has this id."""

    code = "accounts.user_not_found"
    kind = ErrorKind.NOT_FOUND
    title = "There is no such account"


class LastAdministratorError(DomainError):
    """The service would be left without anybody who can administer it."""

    code = "accounts.last_administrator"
    kind = ErrorKind.CONFLICT
    title = "This is the only administrator"


class InvalidAdminCodeError(DomainError):
    """A code that is unknown, expired or used already."""

    code = "accounts.invalid_admin_code"
    kind = ErrorKind.AUTHORIZATION
    title = "The code is not valid"


class InvalidLinkError(DomainError):
    """A link that is unknown, expired, used or replaced by a newer one; which is not said."""

    code = "accounts.invalid_link"
    kind = ErrorKind.AUTHORIZATION
    title = "The link is not valid"


class CrossSiteRequestError(DomainError):
    """A cookie came with a request that another web site may have caused."""

    code = "accounts.cross_site_request"
    kind = ErrorKind.AUTHORIZATION
    title = "The request comes from another site"


class TotpNotPendingError(DomainError):
    """No second factor waits for its first code, or it has waited for too long."""

    code = "accounts.totp_not_pending"
    kind = ErrorKind.CONFLICT
    title = "No second factor is being set up"


class WrongPasswordError(DomainError):
    """The password of whoever is signed in is another one."""

    code = "accounts.wrong_password"
    kind = ErrorKind.AUTHORIZATION
    title = "The password is wrong"


class InvalidPasskeyError(DomainError):
    """A proof by passkey that does not hold; for which reason is not said."""

    code = "accounts.invalid_passkey"
    kind = ErrorKind.AUTHENTICATION
    title = "The passkey was not accepted"


class PasskeyNotAcceptedError(DomainError):
    """What an authenticator told of a new key does not answer the question that was asked."""

    code = "accounts.passkey_not_accepted"
    kind = ErrorKind.VALIDATION
    title = "The new passkey was not accepted"


class PasskeyAlreadyRegisteredError(DomainError):
    """The authenticator's key is kept already."""

    code = "accounts.passkey_already_registered"
    kind = ErrorKind.CONFLICT
    title = "This passkey is registered already"


class TooManyPasskeysError(DomainError):
    """The person has as many passkeys as one may have."""

    code = "accounts.too_many_passkeys"
    kind = ErrorKind.CONFLICT
    title = "There are too many passkeys"


class PasskeyNotFoundError(DomainError):
    """No such passkey of this person is kept."""

    code = "accounts.passkey_not_found"
    kind = ErrorKind.NOT_FOUND
    title = "There is no such passkey"


class LastSignInMethodError(DomainError):
    """Without it nobody could sign in to the account any more."""

    code = "accounts.last_sign_in_method"
    kind = ErrorKind.CONFLICT
    title = "This is the only way to sign in"


class ApiTokenNotFoundError(DomainError):
    """No such API token of this person can be used."""

    code = "accounts.api_token_not_found"
    kind = ErrorKind.NOT_FOUND
    title = "There is no such API token"


class TooManyApiTokensError(DomainError):
    """A person has as many API tokens as anybody may have."""

    code = "accounts.too_many_api_tokens"
    kind = ErrorKind.CONFLICT
    title = "There are too many API tokens"


class ApiTokenRotationUnderWayError(DomainError):
    """The secret before the last rotation still works: a further one would cut it off unseen."""

    code = "accounts.api_token_rotation_under_way"
    kind = ErrorKind.CONFLICT
    title = "The last rotation is still under way"
