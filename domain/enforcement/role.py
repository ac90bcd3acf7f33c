"""What somebody who is named on a recording did there."""

from enum import StrEnum


class Role(StrEnum):
    """How somebody is credited; all but the first two are guests on somebody else's recording."""

    MAIN = "main"
    PRESENTED = "presented"  # A pres. B: B is who is heard
    FEATURED = "featured"
    WITH = "with"
    REMIXER = "remixer"
    PRODUCER = "producer"

    @property
    def is_guest(self) -> bool:
        """Whether the recording is somebody else's."""
        return self not in {Role.MAIN, Role.PRESENTED}
