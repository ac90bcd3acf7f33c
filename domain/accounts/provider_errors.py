"""What can go wrong between a provider and an account."""

from domain.shared.errors import DomainError, ErrorKind


class ProviderNotFoundError(DomainError):
    """No provider of this name is set up here."""

    code = "accounts.provider_not_found"
    kind = ErrorKind.NOT_FOUND
    title = "There is no such provider"


class ProviderUnavailableError(DomainError):
    """The provider did not answer in time, or not in a way that can be read."""

    code = "accounts.provider_unavailable"
    kind = ErrorKind.INTEGRATION
    title = "The provider does not answer for the moment"
    retryable = True


class ProviderSignInFailedError(DomainError):
    """The provider's answer does not prove who somebody is; it is not said which part of it."""

    code = "accounts.provider_sign_in_failed"
    kind = ErrorKind.AUTHENTICATION
    title = "The provider's answer cannot be trusted"


class ProviderSignInCancelledError(DomainError):
    """Whoever signs in said no at the provider."""

    code = "accounts.provider_sign_in_cancelled"
    kind = ErrorKind.AUTHENTICATION
    title = "The sign-in was cancelled at the provider"


class ProviderSignInExpiredError(DomainError):
    """A sign-in that is unknown, too old, used already or was begun in another browser."""

    code = "accounts.provider_sign_in_expired"
    kind = ErrorKind.AUTHENTICATION
    title = "The sign-in has expired"


class ProviderEmailUnverifiedError(DomainError):
    """The provider does not vouch for an e-mail address, and a new account needs one."""

    code = "accounts.provider_email_unverified"
    kind = ErrorKind.CONFLICT
    title = "The provider does not vouch for an e-mail address"


class IdentityAlreadyLinkedError(DomainError):
    """This identity at the provider belongs to an account already."""

    code = "accounts.identity_already_linked"
    kind = ErrorKind.CONFLICT
    title = "This identity belongs to an account already"


class IdentityNotFoundError(DomainError):
    """No such identity is linked to the account."""

    code = "accounts.identity_not_found"
    kind = ErrorKind.NOT_FOUND
    title = "There is no such identity"
