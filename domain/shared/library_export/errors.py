"""Why a library export as a whole cannot be read."""

from domain.shared.errors import DomainError, ErrorKind, FieldError


class UnreadableExportError(DomainError):
    """A file that is no library export, or a damaged one; the detail says what to do."""

    code = "shared.unreadable_library_export"
    kind = ErrorKind.VALIDATION
    title = "The file is not a library export that can be read"

    @classmethod
    def because(cls, message: str) -> "UnreadableExportError":
        """A refusal of the whole file."""
        return cls(
            f"Nothing was read: {message}.", errors=(FieldError(field="file", message=message),)
        )


class ExportTooLargeError(DomainError):
    """A file with more in it than is read at once."""

    code = "shared.library_export_too_large"
    kind = ErrorKind.TOO_LARGE
    title = "The library export is too large"
