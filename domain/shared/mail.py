"""Messages to people: what each is about, and the words that it has of its own."""

from datetime import datetime
from enum import StrEnum

import msgspec

from domain.shared.ids import MailId, UserId


class MailKind(StrEnum):
    """What a message is about; each kind has a template."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    PASSWORD_CLOSED = "password_closed"  # noqa: S105
    CONFIRM_EMAIL_CHANGE = "confirm_email_change"
    EMAIL_CHANGED = "email_changed"
    EMAIL_IN_USE = "email_in_use"
    TOTP_ENABLED = "totp_enabled"
    TOTP_DISABLED = "totp_disabled"
    RECOVERY_CODE_USED = "recovery_code_used"
    SECOND_FACTOR_LOCKED = "second_factor_locked"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    PASSKEY_SUSPECTED = "passkey_suspected"
    PROVIDER_LINKED = "provider_linked"
    PROVIDER_UNLINKED = "provider_unlinked"
    API_TOKEN_CREATED = "api_token_created"  # noqa: S105
    NEW_SIGN_IN = "new_sign_in"
    SESSION_STOLEN = "session_stolen"
    ROLE_CHANGED = "role_changed"
    DELETION_SCHEDULED = "deletion_scheduled"
    DELETION_DONE = "deletion_done"


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one address, in the language of its reader.

    ``values`` fill the template; a link in them may be a secret, so a repr shows none. After
    ``expires_at`` the message is of no use to anybody.
    """

    id: MailId
    user_id: UserId | None
    to: str
    language: str
    kind: MailKind
    values: dict[str, str]
    expires_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Mail(id={self.id!r}, kind={self.kind!r}, …)"
