"""What can be wrong with the audit log itself."""

from domain.shared.errors import DomainError, ErrorKind


class ChainBrokenError(DomainError):
    """The log was changed behind the service's back; nothing is added to it or taken away."""

    code = "audit.chain_broken"
    kind = ErrorKind.INTERNAL
    title = "The audit log was tampered with"


class BadMarkError(DomainError):
    """A kept head that this deployment has not signed."""

    code = "audit.bad_mark"
    kind = ErrorKind.BAD_REQUEST
    title = "This is no head of this audit log"
