"""What can go wrong in the catalogue."""

from domain.shared.errors import DomainError, ErrorKind


class ArtistNotFoundError(DomainError):
    """There is no artist with this id."""

    code = "catalog.artist_not_found"
    kind = ErrorKind.NOT_FOUND
    title = "There is no such artist"


class BrokenDumpError(DomainError):
    """A dump, or a line of one, is not in the layout that its source publishes."""

    code = "catalog.broken_dump"
    kind = ErrorKind.VALIDATION
    title = "The dump is broken"


class ImportRunningError(DomainError):
    """Somebody else is importing into the catalogue at this moment."""

    code = "catalog.import_running"
    kind = ErrorKind.CONFLICT
    title = "An import is running"
