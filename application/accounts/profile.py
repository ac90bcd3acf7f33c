"""A person's account as it is shown to them."""

from datetime import UTC, datetime

import msgspec

from domain.accounts.role import Role
from domain.accounts.user import User, UserSettings
from domain.shared.ids import UserId
from domain.shared.version import Version, version_of


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What an account shows of itself; no credential is part of it."""

    id: UserId
    email: str
    email_verified: bool
    totp_enabled: bool
    role: Role
    display_name: str | None
    settings: UserSettings
    created_at: datetime
    updated_at: datetime

    @property
    def version(self) -> Version:
        """Another one for each state of anything that is shown."""
        return version_of(
            msgspec.structs.replace(
                self,
                created_at=self.created_at.astimezone(UTC),
                updated_at=self.updated_at.astimezone(UTC),
            )
        )

    @classmethod
    def of(cls, user: User) -> "Profile":
        """The profile of a user that is at hand already."""
        return cls(
            id=user.id,
            email=user.email.text,
            email_verified=user.email_verified,
            totp_enabled=user.totp_enabled,
            role=user.role,
            display_name=user.display_name,
            settings=user.settings,
            created_at=user.created_at,
            updated_at=user.updated_at,
        )
