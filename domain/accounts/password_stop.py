"""After how many failures in a row the password opens nothing any more, until it is reset."""

# NIST SP 800-63B-4, section 3.2.2: no more than a hundred for an account, however long that takes.
# Strangers cannot use up what devices and sessions have that the account knows.
MOST_FAILURES = 100
_OF_FAMILIAR = 20


def most_failures(*, familiar: bool) -> int:
    """How many in a row, of those that the account knows or of strangers."""
    return _OF_FAMILIAR if familiar else MOST_FAILURES - _OF_FAMILIAR
