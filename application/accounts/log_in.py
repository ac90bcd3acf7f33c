"""Sign in with an e-mail address and a password."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.attempts import admit, attempt_key
from application.accounts.ports import (
    AttemptThrottle,
    BeginAccounts,
    PasswordHasher,
    UserDirectory,
)
from application.accounts.refused_sign_in import RefusedSignIn
from application.accounts.signed_in import SessionStart, SignedIn
from application.shared.ports import Clock
from domain.accounts.attempts import SIGN_IN_LIMITS
from domain.accounts.email_address import EmailAddress
from domain.accounts.errors import InvalidCredentialsError
from domain.accounts.password import Password
from domain.accounts.user import User
from domain.shared.origin import Origin


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """The address and the password that somebody says are theirs."""

    email: str
    password: str
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """Check a password and start a session; an unknown address costs the same work."""

    begin: BeginAccounts
    directory: UserDirectory
    hasher: PasswordHasher
    throttle: AttemptThrottle
    start_session: SessionStart
    refuse: RefusedSignIn
    clock: Clock

    async def __call__(self, command: Credentials, /) -> SignedIn:
        """The signed-in user; ``InvalidCredentialsError`` says not which of the two is wrong."""
        email = EmailAddress.parse(command.email)
        password = Password.attempt(command.password)
        subject = f"sign-in:{email.key}"
        await admit(self.throttle, subject, SIGN_IN_LIMITS)
        known = await self.directory.find(email)
        try:
            answer = await self._start(known, password, command.origin)
        except InvalidCredentialsError:
            await self.refuse(email, known, command.origin, self.clock())
            raise
        for limit in SIGN_IN_LIMITS:
            await self.throttle.forgive(attempt_key(subject, limit))
        return answer

    async def _start(self, known: User | None, password: Password, origin: Origin) -> SignedIn:
        right = await self.hasher.verify(password, known.password_hash if known else None)
        if known is None or not right:
            raise InvalidCredentialsError("Check both and try again.")
        weak = self.hasher.needs_rehash(known.password_hash)
        stronger = await self.hasher.hash(password) if weak else None
        now = self.clock()
        async with self.begin() as tx:
            user = await tx.users.get_for_update(known.id)
            if user.password_hash != known.password_hash:  # changed while we were checking
                raise InvalidCredentialsError("Check both and try again.")
            if stronger is not None:
                user = user.rehashed(stronger, now)
                await tx.users.update(user)
            return await self.start_session(tx, user, origin, now)
