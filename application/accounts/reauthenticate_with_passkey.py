"""Prove again by passkey, within a session, who one is."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.attempts import admit
from application.accounts.open_sessions import ActiveSessions
from application.accounts.passkey_ceremonies import Assertion
from application.accounts.passkey_proof import PasskeyProof, refused
from application.accounts.ports import BeginAccounts
from application.accounts.throttling import AttemptThrottle
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.attempts import PASSKEY_LIMITS
from domain.accounts.events import AuthenticationRenewed
from domain.accounts.principal import SignInMethod
from domain.shared.ids import EventId, SessionId, UserId
from domain.shared.network import network_of
from domain.shared.origin import Origin


class PasskeyRenewal(msgspec.Struct, frozen=True, kw_only=True):
    """What an authenticator signed for the person of a session."""

    actor: UserId
    session_id: SessionId
    assertion: Assertion
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ReauthenticateWithPasskey:
    """Note a fresh proof of identity in the session; operations that want one go on."""

    begin: BeginAccounts
    throttle: AttemptThrottle
    proof: PasskeyProof
    active_sessions: ActiveSessions
    clock: Clock
    new_id: NewId

    async def __call__(self, command: PasskeyRenewal, /) -> None:
        """``InvalidPasskeyError`` unless it is a passkey of the person whose session it is."""
        origin, now = command.origin, self.clock()
        await admit(self.throttle, f"passkey:{network_of(origin.address)}", PASSKEY_LIMITS)
        async with self.begin() as tx:
            user = await self.proof(tx, command.assertion, origin, now)
            proved = user is not None and user.id == command.actor
            if proved:
                await tx.sessions.renew(command.session_id, (SignInMethod.PASSKEY,), now)
                event = AuthenticationRenewed(
                    id=EventId(self.new_id()),
                    occurred_at=now,
                    user_id=command.actor,
                    session_id=command.session_id,
                )
                await record(tx, event, origin)
        if not proved:
            raise refused()
        self.active_sessions.forget(command.session_id)
