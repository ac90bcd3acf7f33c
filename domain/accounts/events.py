"""What has happened to an account."""

from domain.accounts.role import Role
from domain.shared.events import Event
from domain.shared.ids import SessionId, UserId


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


class AuthenticationRenewed(
    Event, frozen=True, kw_only=True, tag="accounts.authentication_renewed.v1"
):
    """A person proved again, within a session, who they are."""

    session_id: SessionId

    @property
    def resource(self) -> tuple[str, str]:
        """The session."""
        return "session", str(self.session_id)


class TotpEnabled(Event, frozen=True, kw_only=True, tag="accounts.totp_enabled.v1"):
    """A person put a second factor beside their password."""


class TotpDisabled(Event, frozen=True, kw_only=True, tag="accounts.totp_disabled.v1"):
    """A person, or the reset of an unproven account, took the second factor away."""


class RecoveryCodeUsed(Event, frozen=True, kw_only=True, tag="accounts.recovery_code_used.v1"):
    """A person signed in with a code in place of the second factor."""


class RecoveryCodesReplaced(
    Event, frozen=True, kw_only=True, tag="accounts.recovery_codes_replaced.v1"
):
    """A person got new recovery codes; the old ones are void."""


class RoleChanged(Event, frozen=True, kw_only=True, tag="accounts.role_changed.v1"):
    """Somebody was given another role, by an administrator or by a code of the operator."""

    role: Role
    changed_by: UserId


class AllSessionsRevoked(Event, frozen=True, kw_only=True, tag="accounts.all_sessions_revoked.v1"):
    """An administrator ended every session of everybody."""

    sessions: int


class EmailVerified(Event, frozen=True, kw_only=True, tag="accounts.email_verified.v1"):
    """A person proved that messages to their address reach them."""


class EmailChanged(Event, frozen=True, kw_only=True, tag="accounts.email_changed.v1"):
    """A person moved their account to another address, which is proven."""


class EmailChangeUndone(Event, frozen=True, kw_only=True, tag="accounts.email_change_undone.v1"):
    """The owner of the former address took the account back."""


class PasswordChanged(Event, frozen=True, kw_only=True, tag="accounts.password_changed.v1"):
    """A signed-in person chose another password, or their first."""


class PasswordReset(Event, frozen=True, kw_only=True, tag="accounts.password_reset.v1"):
    """The owner of the address chose a new password by a link."""


class ProfileUpdated(Event, frozen=True, kw_only=True, tag="accounts.profile_updated.v1"):
    """A person changed how they are shown."""


class SettingsUpdated(Event, frozen=True, kw_only=True, tag="accounts.settings_updated.v1"):
    """A person changed their settings."""
