"""Sign in with an e-mail address and a password."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.attempts import admit_all
from application.accounts.ports import (
    AttemptThrottle,
    BeginAccounts,
    KnownDevices,
    PasswordHasher,
    UserDirectory,
)
from application.accounts.signed_in import SessionStart, SignedIn
from application.shared.ports import Clock
from domain.accounts.attempts import SIGN_IN_LIMITS, AttemptLimit, Attempts
from domain.accounts.email_address import EmailAddress
from domain.accounts.errors import InvalidCredentialsError, SignInBusyError
from domain.accounts.password import Password
from domain.shared.network import network_of
from domain.shared.origin import Origin


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """The address and the password that somebody says are theirs.

    ``device`` is the token that an earlier sign-in on the same device has answered.
    """

    email: str
    password: str
    origin: Origin
    device: str | None = None

    def __repr__(self) -> str:
        return f"Credentials(email={self.email!r}, …)"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """Check a password and start a session; an unknown address costs the same work.

    Attempts are counted before the password is looked at, per account and per network. A device
    that is known to the account is counted by itself alone, so that nobody can lock it out.
    """

    begin: BeginAccounts
    directory: UserDirectory
    hasher: PasswordHasher
    throttle: AttemptThrottle
    devices: KnownDevices
    network_limit: AttemptLimit
    start_session: SessionStart
    clock: Clock

    async def __call__(self, command: Credentials, /) -> SignedIn:
        """The signed-in user; ``InvalidCredentialsError`` says not which of the two is wrong."""
        email = EmailAddress.parse(command.email)
        password = Password.attempt(command.password)
        device = self.devices.recognise(command.device, email, self.clock())
        account = Attempts(key=f"sign-in:{email.key}", limits=SIGN_IN_LIMITS)
        apart = Attempts(key=f"{account.key}/device:{device}", limits=SIGN_IN_LIMITS)
        network = Attempts(
            key=f"sign-in-from:{network_of(command.origin.address)}", limits=(self.network_limit,)
        )
        person = account if device is None else apart
        await admit_all(self.throttle, person, *([network] if device is None else []))
        known = await self.directory.find(email)
        known_hash = known.password_hash if known else None
        try:
            right = await self.hasher.verify(password, known_hash, preferred=device is not None)
        except SignInBusyError:
            # Nothing was tried on the account; but whoever keeps us busy has done so.
            await self.throttle.take_back(person.key)
            raise
        if known is None or not right:
            raise InvalidCredentialsError("Check both and try again.")
        stronger = (
            await self.hasher.hash(password)
            if self.hasher.needs_rehash(known.password_hash)
            else None
        )
        now = self.clock()
        async with self.begin() as tx:
            user = await tx.users.get_for_update(known.id)
            if user.password_hash != known_hash:  # changed while we were checking
                raise InvalidCredentialsError("Check both and try again.")
            if stronger is not None:
                user = user.rehashed(stronger, now)
                await tx.users.update(user)
            answer = await self.start_session(tx, user, command.origin, now)
        await self.throttle.forgive(account.key, apart.key)
        return msgspec.structs.replace(answer, device=self.devices.issue(device, email, now))
