"""A person with an account."""

from datetime import datetime
from enum import StrEnum

import msgspec

from domain.accounts.email_address import EmailAddress
from domain.accounts.role import Role
from domain.shared.errors import InvalidInputError
from domain.shared.ids import UserId
from domain.shared.state import State, masked_email, masked_text
from domain.shared.text import has_forbidden_characters, normalise

MAX_DISPLAY_NAME = 80


class Theme(StrEnum):
    """Which colours the person wants to see."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class UserSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How the product behaves for one person; replaced as a whole."""

    theme: Theme = Theme.SYSTEM
    language: str = "en"
    email_notifications: bool = False  # nobody is written to who has not asked for it


class User(msgspec.Struct, frozen=True, kw_only=True):
    """An account: who it belongs to, how it is signed in to, and what its owner prefers.

    There is no ``password_hash`` where only a passkey or a provider opens the account.
    ``totp_enabled`` says whether a confirmed second factor stands beside the password.
    """

    id: UserId
    email: EmailAddress
    email_verified: bool
    password_hash: str | None
    totp_enabled: bool
    role: Role
    display_name: str | None
    settings: UserSettings
    created_at: datetime
    updated_at: datetime

    @classmethod
    def register(
        cls, *, id: UserId, email: EmailAddress, password_hash: str | None, now: datetime
    ) -> "User":
        """A new account, not verified, with the default settings."""
        return cls(
            id=id,
            email=email,
            email_verified=False,
            password_hash=password_hash,
            totp_enabled=False,
            role=Role.MEMBER,
            display_name=None,
            settings=UserSettings(),
            created_at=now,
            updated_at=now,
        )

    @property
    def state(self) -> State:
        """What the audit log may show of an account."""
        return {
            "email": masked_email(self.email.text),
            "email_verified": self.email_verified,
            "display_name": masked_text(self.display_name),
            "theme": self.settings.theme.value,
            "language": self.settings.language,
            "email_notifications": self.settings.email_notifications,
        }

    def renamed(self, display_name: str | None, now: datetime) -> "User":
        """The same person under another display name, or under none."""
        return msgspec.structs.replace(
            self, display_name=parse_display_name(display_name), updated_at=now
        )

    def with_settings(self, settings: UserSettings, now: datetime) -> "User":
        """The same person with other settings."""
        return msgspec.structs.replace(self, settings=settings, updated_at=now)

    def in_role(self, role: Role, now: datetime) -> "User":
        """The same person with another role."""
        return msgspec.structs.replace(self, role=role, updated_at=now)

    def with_password(self, password_hash: str | None, now: datetime) -> "User":
        """The same person with another password, or with none until they choose one."""
        return msgspec.structs.replace(self, password_hash=password_hash, updated_at=now)

    def verified(self, now: datetime) -> "User":
        """The same person, whose address is proven to be theirs."""
        return msgspec.structs.replace(self, email_verified=True, updated_at=now)

    def moved_to(self, email: EmailAddress, now: datetime) -> "User":
        """The same person at another address, which is proven to be theirs."""
        return msgspec.structs.replace(self, email=email, email_verified=True, updated_at=now)

    def rehashed(self, password_hash: str, now: datetime) -> "User":
        """The same password under stronger hashing parameters."""
        return msgspec.structs.replace(self, password_hash=password_hash, updated_at=now)


def parse_display_name(text: str | None) -> str | None:
    """A name to show: 1 to 80 characters without controls; white space alone means none."""
    if text is None or not (name := normalise(text)):
        return None
    if len(name) > MAX_DISPLAY_NAME or has_forbidden_characters(name):
        raise InvalidInputError.of(
            "display_name", f"expected at most {MAX_DISPLAY_NAME} characters without controls"
        )
    return name
