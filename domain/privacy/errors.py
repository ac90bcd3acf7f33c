"""What can go wrong with somebody's own data."""

from domain.shared.errors import DomainError, ErrorKind


class DeletionNotRequestedError(DomainError):
    """The account is not going to be erased."""

    code = "privacy.deletion_not_requested"
    kind = ErrorKind.NOT_FOUND
    title = "No deletion has been asked for"
