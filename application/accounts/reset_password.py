"""Choose a new password by a link."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.api_token_end import ApiTokenEnd
from application.accounts.credential_purge import EVER, CredentialPurge
from application.accounts.links import LinkAttempts, LinkDirectory, follow, invalid_link
from application.accounts.new_passwords import NewPasswords
from application.accounts.notices import notify
from application.accounts.one_time_secrets import OneTimeSecrets
from application.accounts.ports import BeginAccounts
from application.accounts.session_end import SessionEnd
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.events import PasswordReset
from domain.accounts.links import LinkPurpose
from domain.accounts.password import Password
from domain.shared.ids import EventId, MailId
from domain.shared.mail import MailKind
from domain.shared.origin import Origin


class ChosenPassword(msgspec.Struct, frozen=True, kw_only=True):
    """The secret of a link, and the password that its owner wants."""

    token: str
    password: str
    origin: Origin

    def __repr__(self) -> str:
        return "ChosenPassword(…)"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ResetPassword:
    """Replace the password, and lock everybody out who was in before.

    All sessions and API tokens end, and all other links and pending changes of address are
    void. The second factor stays where the address was proven before; where it was not, a
    stranger may have set it up, so everything but the new password goes.
    """

    begin: BeginAccounts
    directory: LinkDirectory
    secrets: OneTimeSecrets
    new_passwords: NewPasswords
    attempts: LinkAttempts
    purge: CredentialPurge
    end_session: SessionEnd
    end_api_token: ApiTokenEnd
    clock: Clock
    new_id: NewId

    async def __call__(self, command: ChosenPassword, /) -> None:
        """Use the link up, or ``InvalidLinkError``; a refused password leaves it usable."""
        password = Password.parse(command.password)
        await self.attempts.admit(command.origin)
        digest, now = self.secrets.digest(command.token), self.clock()
        link = await self.directory.find(digest, LinkPurpose.RESET_PASSWORD, now)
        if link is None:
            raise invalid_link()
        password_hash = await self.new_passwords(password, link.email)
        async with self.begin() as tx:
            _, user = await follow(tx, digest, LinkPurpose.RESET_PASSWORD, now)
            pending = False
            if not user.email_verified:
                pending = await self.purge(tx, user, command.origin, now, since=EVER)
            await tx.users.update(user.with_password(password_hash, now).verified(now))
            await tx.password_failures.forgive(user.id)
            await tx.links.void(user.id)
            await self.end_session.all_of(
                tx, user.id, reason="password_reset", origin=command.origin, now=now
            )
            await self.end_api_token.all_of(
                tx, user.id, reason="password_reset", origin=command.origin, now=now
            )
            reset = PasswordReset(id=EventId(self.new_id()), occurred_at=now, user_id=user.id)
            before, after = {"deletion_pending": pending}, {"deletion_pending": False}
            await record(tx, reset, command.origin, before=before, after=after)
            kind, mail_id = MailKind.PASSWORD_CHANGED, MailId(self.new_id())
            await notify(tx, user, kind, mail_id, now, place=command.origin.place)
        await self.attempts.forgive(command.origin)
