"""Prove again, within a session, who one is."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.attempts import admit
from application.accounts.open_sessions import ActiveSessions
from application.accounts.password_attempts import PasswordAttempt, PasswordAttempts
from application.accounts.password_closure import PasswordClosure
from application.accounts.passwords import PasswordHasher
from application.accounts.ports import BeginAccounts
from application.accounts.second_factor_check import SecondFactorCheck, SecondFactorProof
from application.accounts.throttling import AttemptThrottle
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.attempts import SIGN_IN_LIMITS
from domain.accounts.errors import (
    AuthenticationRequiredError,
    SignInBusyError,
    WrongPasswordError,
)
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
    """Check the same things as a sign-in, and note the time on the session.

    Failures count as those of a known device do: who has got hold of a session must not find out
    the password by it.
    """

    begin: BeginAccounts
    passwords: PasswordAttempts
    hasher: PasswordHasher
    throttle: AttemptThrottle
    second_factor: SecondFactorCheck
    active_sessions: ActiveSessions
    close: PasswordClosure
    clock: Clock
    new_id: NewId

    async def __call__(self, command: IdentityProof, /) -> None:
        """``WrongPasswordError``, or a refusal of the second factor."""
        subject = f"reauthenticate:{command.actor}"
        await admit(self.throttle, subject, SIGN_IN_LIMITS)
        attempt = await self.passwords.by_id(command.actor, familiar=True)
        if attempt is None:
            raise AuthenticationRequiredError("The account is gone.")
        try:
            await self._prove(attempt, command)
        except SignInBusyError:
            await self.passwords.take_back(attempt)
            raise
        except WrongPasswordError:
            if attempt.closing:
                async with self.begin() as tx:
                    await self.close(tx, attempt, command.origin, self.clock())
            raise
        self.active_sessions.forget(command.session_id)
        await self.throttle.forgive(subject)

    async def _prove(self, attempt: PasswordAttempt, command: IdentityProof) -> None:
        known_hash = attempt.password_hash
        if not await self.hasher.verify(Password.attempt(command.password), known_hash):
            raise WrongPasswordError("Check it and try again.")
        await self.second_factor.admit(attempt.user, command.second_factor)
        now = self.clock()
        async with self.begin() as tx:
            user = await tx.users.get_for_update(attempt.user.id)
            if user.password_hash != known_hash:  # changed while we were checking
                raise WrongPasswordError("Check it and try again.")
            await tx.password_failures.forgive(user.id)
            shown = await self.second_factor(tx, user, command.second_factor, command.origin, now)
            await tx.sessions.renew(command.session_id, (SignInMethod.PASSWORD, *shown), now)
            event = AuthenticationRenewed(
                id=EventId(self.new_id()),
                occurred_at=now,
                user_id=user.id,
                session_id=command.session_id,
            )
            await record(tx, event, command.origin)
