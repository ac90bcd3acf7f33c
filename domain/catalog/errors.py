"""What can go wrong in the catalogue."""

from domain.shared.errors import DomainError, ErrorKind


class ArtistNotFoundError(DomainError):
    """There is no artist with this id."""

    code = "catalog.artist_not_found"
    kind = ErrorKind.NOT_FOUND
    title = "There is no such artist"
