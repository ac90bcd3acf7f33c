"""What can go wrong in the catalogue."""

from domain.shared.errors import DomainError, ErrorKind


class ArtistNotFoundError(DomainError):
    """There is no artist with this id."""

    code = "catalog.artist_not_found"
    kind = ErrorKind.NOT_FOUND
    title = "There is no such artist"


class SameArtistError(DomainError):
    """An artist cannot be merged into itself."""

    code = "catalog.same_artist"
    kind = ErrorKind.VALIDATION
    title = "These are one artist already"


class ArtistAlreadyMergedError(DomainError):
    """One of the two is no artist of its own any more; the detail says what it is part of."""

    code = "catalog.artist_already_merged"
    kind = ErrorKind.CONFLICT
    title = "This artist has been merged into another"


class MergeNotFoundError(DomainError):
    """There is no merge with this id."""

    code = "catalog.merge_not_found"
    kind = ErrorKind.NOT_FOUND
    title = "There is no such merge"


class MergeAlreadyUndoneError(DomainError):
    """Somebody has undone it before."""

    code = "catalog.merge_already_undone"
    kind = ErrorKind.CONFLICT
    title = "This merge has been undone already"


class LaterMergeError(DomainError):
    """What came of it was merged again since; the detail names what to undo first."""

    code = "catalog.later_merge"
    kind = ErrorKind.CONFLICT
    title = "A later merge has to be undone first"


class NotAModeratorError(DomainError):
    """The person has no right to change the catalogue, or no longer."""

    code = "catalog.not_a_moderator"
    kind = ErrorKind.AUTHORIZATION
    title = "Only moderators may do this"


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
