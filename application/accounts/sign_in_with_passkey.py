"""Sign in with a passkey, which stands for both factors."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.attempts import admit
from application.accounts.passkey_ceremonies import Assertion
from application.accounts.passkey_proof import PasskeyProof, refused
from application.accounts.ports import BeginAccounts
from application.accounts.signed_in import SessionStart, SignedIn
from application.accounts.throttling import AttemptThrottle
from application.shared.ports import Clock
from domain.accounts.attempts import PASSKEY_LIMITS
from domain.accounts.principal import SignInMethod
from domain.shared.network import network_of
from domain.shared.origin import Origin


class PasskeySignIn(msgspec.Struct, frozen=True, kw_only=True):
    """What an authenticator signed for somebody who wants to come in."""

    assertion: Assertion
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SignInWithPasskey:
    """Check a proof and start a session.

    No second factor is asked for: the authenticator is something that its user has, and it has
    verified them by something that they know or are.
    """

    begin: BeginAccounts
    throttle: AttemptThrottle
    proof: PasskeyProof
    start_session: SessionStart
    clock: Clock

    async def __call__(self, command: PasskeySignIn, /) -> SignedIn:
        """The signed-in user; ``InvalidPasskeyError`` says not what is wrong."""
        origin, now = command.origin, self.clock()
        await admit(self.throttle, f"passkey:{network_of(origin.address)}", PASSKEY_LIMITS)
        async with self.begin() as tx:
            user = await self.proof(tx, command.assertion, origin, now)
            answer = (
                await self.start_session(tx, user, (SignInMethod.PASSKEY,), origin, now)
                if user is not None
                else None
            )
        if answer is None:
            raise refused()
        return answer
