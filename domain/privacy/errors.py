"""What can go wrong with somebody's own data."""

from domain.shared.errors import DomainError, ErrorKind


class OnlyAdministratorError(DomainError):
    """The service would be left without anybody who can administer it."""

    code = "privacy.only_administrator"
    kind = ErrorKind.CONFLICT
    title = "This is the only administrator"


class DeletionNotRequestedError(DomainError):
    """The account is not going to be erased."""

    code = "privacy.deletion_not_requested"
    kind = ErrorKind.NOT_FOUND
    title = "No deletion has been asked for"
