"""Links that are sent to an address: each works once, for a short time, for one purpose."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from domain.accounts.email_address import EmailAddress
from domain.shared.ids import UserId


class LinkPurpose(StrEnum):
    """What following a link does."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105
    CONFIRM_EMAIL_CHANGE = "confirm_email_change"
    UNDO_EMAIL_CHANGE = "undo_email_change"


LIFETIME: Mapping[LinkPurpose, timedelta] = {
    LinkPurpose.VERIFY_EMAIL: timedelta(minutes=60),
    LinkPurpose.RESET_PASSWORD: timedelta(minutes=15),
    LinkPurpose.CONFIRM_EMAIL_CHANGE: timedelta(minutes=60),
    # Whoever has taken an account over must not win by a victim's weekend.
    LinkPurpose.UNDO_EMAIL_CHANGE: timedelta(hours=72),
}


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A link as it is kept: whose it is, what it does, and the address that it was sent to."""

    user_id: UserId
    purpose: LinkPurpose
    email: EmailAddress
    issued_at: datetime
    expires_at: datetime

    @classmethod
    def issue(
        cls, *, user_id: UserId, purpose: LinkPurpose, email: EmailAddress, now: datetime
    ) -> "Link":
        """A link that is valid from now on for as long as its purpose allows."""
        return cls(
            user_id=user_id,
            purpose=purpose,
            email=email,
            issued_at=now,
            expires_at=now + LIFETIME[purpose],
        )
