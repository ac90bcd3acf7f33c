"""Open an account and sign in to it."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.attempts import admit
from application.accounts.links import FORGOTTEN, LinkIssue, may_mail
from application.accounts.new_passwords import NewPasswords
from application.accounts.ports import BeginAccounts
from application.accounts.signed_in import SessionStart, SignedIn
from application.accounts.throttling import AttemptThrottle, KnownDevices
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.attempts import AttemptLimit
from domain.accounts.email_address import EmailAddress
from domain.accounts.errors import EmailAlreadyRegisteredError
from domain.accounts.events import UserRegistered
from domain.accounts.links import LinkPurpose
from domain.accounts.password import Password
from domain.accounts.principal import SignInMethod
from domain.accounts.user import User
from domain.shared.ids import EventId, UserId
from domain.shared.network import network_of
from domain.shared.origin import Origin


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """The address and the password that somebody wants an account with."""

    email: str
    password: str
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterUser:
    """Keep a new user with a hashed password, and start their first session.

    A link to prove the address is sent there.
    """

    begin: BeginAccounts
    new_passwords: NewPasswords
    throttle: AttemptThrottle
    devices: KnownDevices
    limit: AttemptLimit
    start_session: SessionStart
    issue_link: LinkIssue
    clock: Clock
    new_id: NewId

    async def __call__(self, command: Registration, /) -> SignedIn:
        """The signed-in user; ``EmailAlreadyRegisteredError`` where the address is taken."""
        email = EmailAddress.parse(command.email)
        password = Password.parse(command.password)
        await admit(self.throttle, f"register:{network_of(command.origin.address)}", [self.limit])
        password_hash = await self.new_passwords(password, email)
        now = self.clock()
        user = User.register(
            id=UserId(self.new_id()), email=email, password_hash=password_hash, now=now
        )
        async with self.begin() as tx:
            await tx.users.add(user)
            if await tx.links.reserved(email, now):
                raise EmailAlreadyRegisteredError("Sign in with it, or take another address.")
            await record(
                tx,
                UserRegistered(id=EventId(self.new_id()), occurred_at=now, user_id=user.id),
                command.origin,
                after=user.state,
            )
            purpose, place = LinkPurpose.VERIFY_EMAIL, command.origin.place
            await self.issue_link(tx, user, purpose, email, now, place=place)
            methods = (SignInMethod.PASSWORD,)
            origin = command.origin
            answer = await self.start_session(tx, user, methods, origin, now, familiar=True)
        # Who registers and forgets in turn has an address written to no more often.
        await may_mail(self.throttle, FORGOTTEN, email)
        return msgspec.structs.replace(answer, device=self.devices.issue(None, email, now))
