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


class ListFullError(DomainError):
    """The list holds as many entries, tags, tracks or exceptions as one may."""

    code = "blocklists.list_full"
    kind = ErrorKind.CONFLICT
    title = "Your list is full"


class ArtistExceptedError(DomainError):
    """The artist is one that no list may block for this person, by their own word."""

    code = "blocklists.artist_excepted"
    kind = ErrorKind.CONFLICT
    title = "You have excepted this artist"


class BlockedByOwnListError(DomainError):
    """What is to be excepted is on the person's own list."""

    code = "blocklists.blocked_by_own_list"
    kind = ErrorKind.CONFLICT
    title = "This is on your own list"


class AlreadyExceptedError(DomainError):
    """There is an exception for this artist or track already."""

    code = "blocklists.already_excepted"
    kind = ErrorKind.CONFLICT
    title = "You have excepted this already"


class ExceptionNotFoundError(DomainError):
    """The caller has no exception with this id."""

    code = "blocklists.exception_not_found"
    kind = ErrorKind.NOT_FOUND
    title = "There is no such exception"


class NothingToUndoError(DomainError):
    """No bulk change of the last day, or the last one was undone already."""

    code = "blocklists.nothing_to_undo"
    kind = ErrorKind.CONFLICT
    title = "There is nothing to undo"


class TagNotFoundError(DomainError):
    """No entry of the caller's list has this tag."""

    code = "blocklists.tag_not_found"
    kind = ErrorKind.NOT_FOUND
    title = "No entry has this tag"
