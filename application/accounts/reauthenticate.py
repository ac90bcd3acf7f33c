"""Prove again, within a session, who one is."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.attempts import admit
from application.accounts.open_sessions import ActiveSessions
from application.accounts.passwords import PasswordHasher
from application.accounts.ports import BeginAccounts, UserDirectory
from application.accounts.second_factor_check import SecondFactorCheck, SecondFactorProof
from application.accounts.throttling import AttemptThrottle
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.attempts import SIGN_IN_LIMITS
from domain.accounts.errors import AuthenticationRequiredError, WrongPasswordError
from domain.accounts.events import AuthenticationRenewed
from domain.accounts.password import Password
from domain.accounts.principal import SignInMethod
from domain.shared.ids import EventId, SessionId, UserId
from domain.shared.origin import Origin


class IdentityProof(msgspec.Struct, frozen=True, kw_only=True):
    """The password of whoever is signed in, and their second factor where there is one."""

    actor: UserId
    session_id: SessionId
    password: str
    second_factor: SecondFactorProof
    origin: Origin

    def __repr__(self) -> str:
        return "IdentityProof(…)"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reauthenticate:
    """Check the same things as a sign-in, and note the time on the session."""

    begin: BeginAccounts
    directory: UserDirectory
    hasher: PasswordHasher
    throttle: AttemptThrottle
    second_factor: SecondFactorCheck
    active_sessions: ActiveSessions
    clock: Clock
    new_id: NewId

    async def __call__(self, command: IdentityProof, /) -> None:
        """``WrongPasswordError``, or a refusal of the second factor."""
        subject = f"reauthenticate:{command.actor}"
        await admit(self.throttle, subject, SIGN_IN_LIMITS)
        known = await self.directory.find_by_id(command.actor)
        if known is None:
            raise AuthenticationRequiredError("The account is gone.")
        known_hash = known.password_hash
        if not await self.hasher.verify(Password.attempt(command.password), known_hash):
            raise WrongPasswordError("Check it and try again.")
        await self.second_factor.admit(known, command.second_factor)
        now = self.clock()
        async with self.begin() as tx:
            user = await tx.users.get_for_update(known.id)
            if user.password_hash != known_hash:  # changed while we were checking
                raise WrongPasswordError("Check it and try again.")
            shown = await self.second_factor(tx, user, command.second_factor, command.origin, now)
            await tx.sessions.renew(command.session_id, (SignInMethod.PASSWORD, *shown), now)
            event = AuthenticationRenewed(
                id=EventId(self.new_id()),
                occurred_at=now,
                user_id=user.id,
                session_id=command.session_id,
            )
            await record(tx, event, command.origin)
        self.active_sessions.forget(command.session_id)
        await self.throttle.forgive(subject)
