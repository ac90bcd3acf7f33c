"""What has happened to an account."""

from domain.shared.events import Event
from domain.shared.ids import SessionId


class UserRegistered(Event, frozen=True, kw_only=True, tag="accounts.user_registered.v1"):
    """A person opened an account."""


class SessionOpened(Event, frozen=True, kw_only=True, tag="accounts.session_opened.v1"):
    """A person signed in on a device."""

    session_id: SessionId

    @property
    def resource(self) -> tuple[str, str]:
        """The session."""
        return "session", str(self.session_id)


class SessionRevoked(Event, frozen=True, kw_only=True, tag="accounts.session_revoked.v1"):
    """A session ended before its time: signed out, or its refresh token was used twice."""

    session_id: SessionId
    reason: str

    @property
    def resource(self) -> tuple[str, str]:
        """The session."""
        return "session", str(self.session_id)


class ProfileUpdated(Event, frozen=True, kw_only=True, tag="accounts.profile_updated.v1"):
    """A person changed how they are shown."""


class SettingsUpdated(Event, frozen=True, kw_only=True, tag="accounts.settings_updated.v1"):
    """A person changed their settings."""
