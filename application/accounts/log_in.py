"""Sign in with an e-mail address, a password and, where there is one, a second factor."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.attempts import admit_all
from application.accounts.password_attempts import PasswordAttempt, PasswordAttempts
from application.accounts.passwords import PasswordHasher
from application.accounts.ports import BeginAccounts
from application.accounts.refused_sign_in import RefusedSignIn
from application.accounts.second_factor_check import SecondFactorCheck, SecondFactorProof
from application.accounts.signed_in import SessionStart, SignedIn
from application.accounts.throttling import AttemptThrottle, KnownDevices
from application.shared.ports import Clock
from domain.accounts.attempts import SIGN_IN_LIMITS, AttemptLimit, Attempts
from domain.accounts.email_address import EmailAddress
from domain.accounts.errors import (
    InvalidCredentialsError,
    InvalidSecondFactorError,
    SignInBusyError,
)
from domain.accounts.password import Password
from domain.accounts.principal import SignInMethod
from domain.shared.network import network_of
from domain.shared.origin import Origin


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """The address and the password that somebody says are theirs.

    ``device`` is the token that an earlier sign-in on the same device has answered.
    """

    email: str
    password: str
    second_factor: SecondFactorProof = SecondFactorProof()
    origin: Origin
    device: str | None = None

    def __repr__(self) -> str:
        return "Credentials(…)"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """Check a password and start a session; an unknown address costs the same work.

    Whether there is a second factor is said only to who knows the password. Attempts are counted
    before the password is looked at, per account and per network. A device that is known to the
    account is counted by itself alone, so that nobody can lock it out.

    A hundred failures in a row, over any time, close the password until it is reset. That looks
    like a wrong password and costs the same.
    """

    begin: BeginAccounts
    passwords: PasswordAttempts
    hasher: PasswordHasher
    throttle: AttemptThrottle
    devices: KnownDevices
    network_limit: AttemptLimit
    second_factor: SecondFactorCheck
    start_session: SessionStart
    refuse: RefusedSignIn
    clock: Clock

    async def __call__(self, command: Credentials, /) -> SignedIn:
        """The signed-in user; ``InvalidCredentialsError`` says not which of the two is wrong."""
        email = EmailAddress.parse(command.email)
        device = self.devices.recognise(command.device, email, self.clock())
        account = Attempts(key=f"sign-in:{email.key}", limits=SIGN_IN_LIMITS)
        apart = Attempts(key=f"{account.key}/device:{device}", limits=SIGN_IN_LIMITS)
        network = Attempts(
            key=f"sign-in-from:{network_of(command.origin.address)}", limits=(self.network_limit,)
        )
        person = account if device is None else apart
        await admit_all(self.throttle, person, *([network] if device is None else []))
        attempt = await self.passwords.by_email(email, familiar=device is not None)
        try:
            answer = await self._start(attempt, command, familiar=device is not None)
        except SignInBusyError:
            # Nothing was tried on the account; but whoever keeps us busy has done so.
            await self.throttle.take_back(person.key)
            await self.passwords.take_back(attempt)
            raise
        except (InvalidCredentialsError, InvalidSecondFactorError):
            known = attempt.user if attempt else None
            await self.refuse(email, known, command.origin, self.clock(), attempt=attempt)
            raise
        await self.throttle.forgive(account.key, apart.key)
        return msgspec.structs.replace(
            answer, device=self.devices.issue(device, email, self.clock())
        )

    async def _start(
        self, attempt: PasswordAttempt | None, command: Credentials, *, familiar: bool
    ) -> SignedIn:
        password = Password.attempt(command.password)
        known_hash = attempt.password_hash if attempt else None
        right = await self.hasher.verify(password, known_hash, preferred=familiar)
        if attempt is None or known_hash is None or not right:
            raise InvalidCredentialsError("Check both and try again.")
        await self.second_factor.admit(attempt.user, command.second_factor)
        weak = self.hasher.needs_rehash(known_hash)
        stronger = await self.hasher.hash(password) if weak else None
        now = self.clock()
        async with self.begin() as tx:
            user = await tx.users.get_for_update(attempt.user.id)
            if user.password_hash != known_hash:  # changed while we were checking
                raise InvalidCredentialsError("Check both and try again.")
            if stronger is not None:
                user = user.rehashed(stronger, now)
                await tx.users.update(user)
            shown = await self.second_factor(tx, user, command.second_factor, command.origin, now)
            await tx.password_failures.forgive(user.id)
            methods, origin = (SignInMethod.PASSWORD, *shown), command.origin
            return await self.start_session(tx, user, methods, origin, now, familiar=familiar)
