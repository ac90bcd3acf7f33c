"""Who somebody is elsewhere: an identity at a provider, and the account that it opens."""

from datetime import datetime, timedelta

import msgspec

from domain.accounts.email_address import MAX_LENGTH, EmailAddress
from domain.accounts.provider_errors import ProviderEmailUnverifiedError
from domain.accounts.user import MAX_DISPLAY_NAME, User, parse_display_name
from domain.shared.errors import InvalidInputError
from domain.shared.ids import IdentityId, UserId
from domain.shared.state import State, masked_email
from domain.shared.text import has_forbidden_characters

# From the way to the provider until the way back.
ATTEMPT_LIFETIME = timedelta(minutes=10)
# From the way back until the browser asks for its tokens; and from there until the second factor.
CODE_LIFETIME = timedelta(seconds=60)
SECOND_FACTOR_LIFETIME = timedelta(minutes=5)

_LONGEST_RETURN = 512


class ProviderIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider says of somebody who has just signed in there.

    ``issuer`` and ``subject`` say who it is; the address is only what the provider knows of them.
    """

    issuer: str
    subject: str
    email: str | None
    email_verified: bool
    name: str | None

    def __repr__(self) -> str:
        return f"ProviderIdentity(issuer={self.issuer!r}, …)"


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """An identity at a provider that opens an account; ``email`` is as it was when linked."""

    id: IdentityId
    user_id: UserId
    provider: str
    issuer: str
    subject: str
    email: str | None
    created_at: datetime
    last_used_at: datetime

    @classmethod
    def link(
        cls,
        said: ProviderIdentity,
        *,
        id: IdentityId,
        user_id: UserId,
        provider: str,
        now: datetime,
    ) -> "Identity":
        """What is kept of what the provider says."""
        return cls(
            id=id,
            user_id=user_id,
            provider=provider,
            issuer=said.issuer,
            subject=said.subject,
            email=said.email if said.email and len(said.email) <= MAX_LENGTH else None,
            created_at=now,
            last_used_at=now,
        )

    @property
    def state(self) -> State:
        """What the audit log may show of it."""
        return {
            "provider": self.provider,
            "email": masked_email(self.email) if self.email else None,
        }


def account_for(said: ProviderIdentity, *, id: UserId, now: datetime) -> User:
    """A new account without a password, under the address that the provider vouches for.

    ``ProviderEmailUnverifiedError`` where it vouches for none.
    """
    try:
        email = EmailAddress.parse(said.email or "")
    except InvalidInputError as error:
        raise _unverified() from error
    if not said.email_verified:
        raise _unverified()
    user = User.register(id=id, email=email, password_hash=None, now=now)
    return msgspec.structs.replace(user, email_verified=True, display_name=_shown(said.name))


def parse_return_to(text: str | None) -> str | None:
    """A path of our own web app; never an address of somebody else's (RFC 9700 section 4.11)."""
    if text is None:
        return None
    if (
        not text.startswith("/")
        or text.startswith("//")
        or "\\" in text
        or len(text) > _LONGEST_RETURN
        or has_forbidden_characters(text)
    ):
        raise InvalidInputError.of("return_to", "expected a path such as /lists")
    return text


def _shown(name: str | None) -> str | None:
    try:
        return parse_display_name(name[:MAX_DISPLAY_NAME] if name else None)
    except InvalidInputError:
        return None


def _unverified() -> ProviderEmailUnverifiedError:
    return ProviderEmailUnverifiedError(
        "Open an account with your e-mail address, then link the provider to it."
    )
