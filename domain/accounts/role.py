"""What somebody is on this service, besides the owner of their own things."""

from enum import StrEnum


class Role(StrEnum):
    """Each may do what its rows in the policy say; none includes another by itself."""

    ADMIN = "admin"
    MODERATOR = "moderator"
    CURATOR = "curator"
    MEMBER = "member"
