"""Links that are sent to an address: where they are kept, how they are sent and followed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, final

from application.accounts.attempts import admit
from application.accounts.notices import notify
from application.accounts.one_time_secrets import OneTimeSecrets
from application.accounts.ports import AccountsTransaction
from application.accounts.throttling import AttemptThrottle
from application.shared.ports import NewId
from domain.accounts.attempts import MAIL_LIMITS, AttemptLimit
from domain.accounts.email_address import EmailAddress
from domain.accounts.errors import InvalidLinkError, TooManyAttemptsError
from domain.accounts.links import Link, LinkPurpose
from domain.accounts.user import User
from domain.shared.ids import MailId
from domain.shared.mail import MailKind
from domain.shared.network import network_of
from domain.shared.origin import Origin

FORGOTTEN = "forgotten"
CHANGE = "change"

_KIND = {
    LinkPurpose.VERIFY_EMAIL: MailKind.VERIFY_EMAIL,
    LinkPurpose.RESET_PASSWORD: MailKind.RESET_PASSWORD,
    LinkPurpose.CONFIRM_EMAIL_CHANGE: MailKind.CONFIRM_EMAIL_CHANGE,
    LinkPurpose.UNDO_EMAIL_CHANGE: MailKind.EMAIL_CHANGED,
}


class LinkDirectory(Protocol):
    """Links, read outside any transaction, since hashing a password is slow."""

    async def find(self, digest: bytes, purpose: LinkPurpose, now: datetime, /) -> Link | None:
        """The link, if it could be followed at this moment."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LinkIssue:
    """The making of a link inside somebody's transaction, with the message that carries it."""

    secrets: OneTimeSecrets
    new_id: NewId

    async def __call__(
        self,
        tx: AccountsTransaction,
        user: User,
        purpose: LinkPurpose,
        email: EmailAddress,
        now: datetime,
        *,
        place: str,
        withheld: bool = False,
    ) -> None:
        """Send a link to ``email``; older ones of ``user``, who is locked, stop working.

        A link that is ``withheld`` is kept like any other, and nobody is told its secret.
        """
        one_time = self.secrets.for_link()
        link = Link.issue(user_id=user.id, purpose=purpose, email=email, now=now)
        await tx.links.issue(link, one_time.digest)
        if not withheld:
            await notify(
                tx,
                user,
                _KIND[purpose],
                MailId(self.new_id()),
                now,
                to=email.text,
                until=link.expires_at,
                token=one_time.secret,
                place=place,
            )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAttempts:
    """Admission of whoever presents a link; right ones are not counted."""

    throttle: AttemptThrottle
    limit: AttemptLimit

    async def admit(self, origin: Origin) -> None:
        """Count an attempt of a network address; ``TooManyAttemptsError`` after many wrong ones."""
        await admit(self.throttle, _subject(origin), [self.limit])

    async def forgive(self, origin: Origin) -> None:
        """Forget the attempts: the last one was right."""
        await self.throttle.forgive(_subject(origin))


def _subject(origin: Origin) -> str:
    return f"link-from:{network_of(origin.address)}"


async def follow(
    tx: AccountsTransaction, digest: bytes, purpose: LinkPurpose, now: datetime
) -> tuple[Link, User]:
    """Use a link up; the link, and its owner, locked. ``InvalidLinkError`` says not why."""
    link = await tx.links.use(digest, purpose, now)
    user = await tx.users.find_for_update(link.user_id) if link else None
    if link is None or user is None:
        raise invalid_link()
    concerns_current = purpose in {LinkPurpose.VERIFY_EMAIL, LinkPurpose.RESET_PASSWORD}
    if concerns_current and user.email.key != link.email.key:
        raise invalid_link()
    return link, user


def invalid_link() -> InvalidLinkError:
    """The same for a link that is unknown, used, expired or replaced."""
    return InvalidLinkError("It may be too old, used or replaced by a newer one; ask for another.")


async def may_mail(throttle: AttemptThrottle, cause: str, email: EmailAddress) -> bool:
    """Count a message that anybody can cause; whether the address may get one more.

    Each cause is counted apart: who has an address flooded for one must not stop another.
    """
    try:
        await admit(throttle, f"mail-to:{email.key}/{cause}", MAIL_LIMITS)
    except TooManyAttemptsError:
        return False
    return True
