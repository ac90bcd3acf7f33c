"""Choose another password while signed in."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.new_passwords import NewPasswords
from application.accounts.notices import notify
from application.accounts.ports import BeginAccounts, ProfileReader
from application.accounts.session_end import SessionEnd
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.email_address import EmailAddress
from domain.accounts.events import PasswordChanged
from domain.accounts.password import Password
from domain.shared.ids import EventId, MailId, SessionId, UserId
from domain.shared.mail import MailKind
from domain.shared.origin import Origin


class PasswordChange(msgspec.Struct, frozen=True, kw_only=True):
    """The password that somebody wants, and the session in which they say so."""

    actor: UserId
    session_id: SessionId
    password: str
    origin: Origin

    def __repr__(self) -> str:
        return f"PasswordChange(actor={self.actor!r}, …)"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    """Replace the password, or set the first; every other session and every link ends."""

    begin: BeginAccounts
    profiles: ProfileReader
    new_passwords: NewPasswords
    end_session: SessionEnd
    clock: Clock
    new_id: NewId

    async def __call__(self, command: PasswordChange, /) -> None:
        """Keep it; ``InvalidInputError`` for one that breaks the rules or is guessed early."""
        password = Password.parse(command.password)
        profile = await self.profiles.get(command.actor)
        password_hash = await self.new_passwords(password, EmailAddress.parse(profile.email))
        now = self.clock()
        async with self.begin() as tx:
            user = await tx.users.get_for_update(command.actor)
            await tx.users.update(user.with_password(password_hash, now))
            await tx.password_failures.forgive(user.id)
            await tx.links.void(user.id)
            await self.end_session.all_of(
                tx,
                user.id,
                keep=command.session_id,
                reason="password_changed",
                origin=command.origin,
                now=now,
            )
            changed = PasswordChanged(id=EventId(self.new_id()), occurred_at=now, user_id=user.id)
            await record(tx, changed, command.origin)
            kind, mail_id = MailKind.PASSWORD_CHANGED, MailId(self.new_id())
            await notify(tx, user, kind, mail_id, now, place=command.origin.place)
