"""Sign in with an e-mail address, a password and, where there is one, a second factor."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.attempts import admit, attempt_key
from application.accounts.passwords import PasswordHasher
from application.accounts.ports import AttemptThrottle, BeginAccounts, UserDirectory
from application.accounts.refused_sign_in import RefusedSignIn
from application.accounts.second_factor_check import SecondFactorCheck, SecondFactorProof
from application.accounts.signed_in import SessionStart, SignedIn
from application.shared.ports import Clock
from domain.accounts.attempts import SIGN_IN_LIMITS
from domain.accounts.email_address import EmailAddress
from domain.accounts.errors import InvalidCredentialsError, InvalidSecondFactorError
from domain.accounts.password import Password
from domain.accounts.principal import SignInMethod
from domain.accounts.user import User
from domain.shared.origin import Origin


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """The address and the password that somebody says are theirs."""

    email: str
    password: str
    second_factor: SecondFactorProof = SecondFactorProof()
    origin: Origin

    def __repr__(self) -> str:
        return "Credentials(…)"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """Check a password and start a session; an unknown address costs the same work.

    Whether there is a second factor is said only to who knows the password.
    """

    begin: BeginAccounts
    directory: UserDirectory
    hasher: PasswordHasher
    throttle: AttemptThrottle
    second_factor: SecondFactorCheck
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
            answer = await self._start(known, password, command)
        except (InvalidCredentialsError, InvalidSecondFactorError):
            await self.refuse(email, known, command.origin, self.clock())
            raise
        for limit in SIGN_IN_LIMITS:
            await self.throttle.forgive(attempt_key(subject, limit))
        return answer

    async def _start(
        self, known: User | None, password: Password, command: Credentials
    ) -> SignedIn:
        known_hash = known.password_hash if known else None
        right = await self.hasher.verify(password, known_hash)
        if known is None or known_hash is None or not right:
            raise InvalidCredentialsError("Check both and try again.")
        await self.second_factor.admit(known, command.second_factor)
        weak = self.hasher.needs_rehash(known_hash)
        stronger = await self.hasher.hash(password) if weak else None
        now = self.clock()
        async with self.begin() as tx:
            user = await tx.users.get_for_update(known.id)
            if user.password_hash != known_hash:  # changed while we were checking
                raise InvalidCredentialsError("Check both and try again.")
            if stronger is not None:
                user = user.rehashed(stronger, now)
                await tx.users.update(user)
            shown = await self.second_factor(tx, user, command.second_factor, command.origin, now)
            methods = (SignInMethod.PASSWORD, *shown)
            return await self.start_session(tx, user, methods, command.origin, now)
