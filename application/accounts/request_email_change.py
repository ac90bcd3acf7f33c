"""Ask to move one's account to another address."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.attempts import admit
from application.accounts.links import CHANGE, LinkIssue, may_mail
from application.accounts.notices import notify
from application.accounts.ports import BeginAccounts, UserDirectory
from application.accounts.throttling import AttemptThrottle
from application.shared.ports import Clock, NewId
from domain.accounts.attempts import EMAIL_CHANGE_LIMITS
from domain.accounts.email_address import EmailAddress
from domain.accounts.links import LinkPurpose
from domain.shared.errors import InvalidInputError
from domain.shared.ids import MailId, UserId
from domain.shared.mail import MailKind
from domain.shared.origin import Origin


class WantedEmail(msgspec.Struct, frozen=True, kw_only=True):
    """The address that somebody wants for their account."""

    actor: UserId
    email: str
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEmailChange:
    """Send a link to the new address; until it is followed nothing changes.

    Whether the address has an account already is said to its owner alone, by a message there.
    """

    begin: BeginAccounts
    directory: UserDirectory
    throttle: AttemptThrottle
    issue_link: LinkIssue
    clock: Clock
    new_id: NewId

    async def __call__(self, command: WantedEmail, /) -> None:
        """Queue the message; ``TooManyAttemptsError`` after several in an hour."""
        email = EmailAddress.parse(command.email)
        await admit(self.throttle, f"email-change:{command.actor}", EMAIL_CHANGE_LIMITS)
        allowed = await may_mail(self.throttle, CHANGE, email)
        owner = await self.directory.find(email)
        now, place = self.clock(), command.origin.place
        async with self.begin() as tx:
            user = await tx.users.get_for_update(command.actor)
            if user.email.key == email.key:
                raise InvalidInputError.of("email", "is the address of your account already")
            await self.issue_link(
                tx,
                user,
                LinkPurpose.CONFIRM_EMAIL_CHANGE,
                email,
                now,
                place=place,
                withheld=owner is not None or not allowed,
            )
            if owner is not None and allowed:
                kind, mail_id = MailKind.EMAIL_IN_USE, MailId(self.new_id())
                await notify(tx, owner, kind, mail_id, now)
