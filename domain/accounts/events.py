"""What has happened to an account."""

from datetime import datetime

from domain.accounts.principal import Scope
from domain.accounts.role import Role
from domain.shared.events import Event
from domain.shared.ids import ApiTokenId, IdentityId, PasskeyId, SessionId, UserId


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


class TotpSetUp(Event, frozen=True, kw_only=True, tag="accounts.totp_set_up.v1"):
    """A person began to set a second factor up."""


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


class PasswordClosed(Event, frozen=True, kw_only=True, tag="accounts.password_closed.v1"):
    """As many passwords were wrong in a row as may be: none opens the account until a reset."""

    closed_to: str


class ProfileUpdated(Event, frozen=True, kw_only=True, tag="accounts.profile_updated.v1"):
    """A person changed how they are shown."""


class SettingsUpdated(Event, frozen=True, kw_only=True, tag="accounts.settings_updated.v1"):
    """A person changed their settings."""


class PasskeyAdded(Event, frozen=True, kw_only=True, tag="accounts.passkey_added.v1"):
    """A person can sign in with another passkey."""

    passkey_id: PasskeyId

    @property
    def resource(self) -> tuple[str, str]:
        """The passkey."""
        return "passkey", str(self.passkey_id)


class PasskeyRenamed(Event, frozen=True, kw_only=True, tag="accounts.passkey_renamed.v1"):
    """A person calls a passkey by another name."""

    passkey_id: PasskeyId

    @property
    def resource(self) -> tuple[str, str]:
        """The passkey."""
        return "passkey", str(self.passkey_id)


class PasskeyRemoved(Event, frozen=True, kw_only=True, tag="accounts.passkey_removed.v1"):
    """A person cannot sign in with this passkey any more."""

    passkey_id: PasskeyId

    @property
    def resource(self) -> tuple[str, str]:
        """The passkey."""
        return "passkey", str(self.passkey_id)


class PasskeySuspected(Event, frozen=True, kw_only=True, tag="accounts.passkey_suspected.v1"):
    """The counter of a passkey went backwards: somebody may hold a copy of it."""

    passkey_id: PasskeyId

    @property
    def resource(self) -> tuple[str, str]:
        """The passkey."""
        return "passkey", str(self.passkey_id)


class ApiTokenCreated(Event, frozen=True, kw_only=True, tag="accounts.api_token_created.v1"):
    """A person gave an integrator access to what the scopes name."""

    token_id: ApiTokenId
    scopes: tuple[Scope, ...]
    expires_at: datetime

    @property
    def resource(self) -> tuple[str, str]:
        """The token."""
        return "api_token", str(self.token_id)


class ApiTokenRotated(Event, frozen=True, kw_only=True, tag="accounts.api_token_rotated.v1"):
    """An API token got another secret; the one before works until that time, if one is named."""

    token_id: ApiTokenId
    expires_at: datetime
    previous_expires_at: datetime | None

    @property
    def resource(self) -> tuple[str, str]:
        """The token."""
        return "api_token", str(self.token_id)


class ApiTokenRevoked(Event, frozen=True, kw_only=True, tag="accounts.api_token_revoked.v1"):
    """An API token ended before its time."""

    token_id: ApiTokenId
    reason: str

    @property
    def resource(self) -> tuple[str, str]:
        """The token."""
        return "api_token", str(self.token_id)


class IdentityLinked(Event, frozen=True, kw_only=True, tag="accounts.identity_linked.v1"):
    """A person can sign in with a provider from now on."""

    identity_id: IdentityId
    provider: str

    @property
    def resource(self) -> tuple[str, str]:
        """The identity."""
        return "identity", str(self.identity_id)


class IdentityUnlinked(Event, frozen=True, kw_only=True, tag="accounts.identity_unlinked.v1"):
    """A person can no longer sign in with a provider."""

    identity_id: IdentityId
    provider: str

    @property
    def resource(self) -> tuple[str, str]:
        """The identity."""
        return "identity", str(self.identity_id)
