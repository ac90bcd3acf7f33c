"""What can go wrong with a do-not-play list."""

from domain.shared.errors import DomainError, ErrorKind


class ArtistAlreadyBlockedError(DomainError):
    """The artist is on the list; the answer carries the entry that is there."""

    code = "blocklists.artist_already_blocked"
    kind = ErrorKind.CONFLICT
    title = "This artist is on your list already"


class ArtistNotBlockedError(DomainError):
    """The artist is not on the caller's list."""

    code = "blocklists.artist_not_blocked"
    kind = ErrorKind.NOT_FOUND
    title = "This artist is not on your list"


class UnknownArtistError(DomainError):
    """The artist to block is not in the catalogue."""

    code = "blocklists.unknown_artist"
    kind = ErrorKind.NOT_FOUND
    title = "There is no such artist"


class UnreadableListError(DomainError):
    """A file that is no list of artists; nothing of it was imported."""

    code = "blocklists.unreadable_list"
    kind = ErrorKind.VALIDATION
    title = "The file could not be read as a list of artists"


class ListTooLargeError(DomainError):
    """A file beyond the size or number of rows that one import takes."""

    code = "blocklists.list_too_large"
    kind = ErrorKind.TOO_LARGE
    title = "The list is too large for one import"
