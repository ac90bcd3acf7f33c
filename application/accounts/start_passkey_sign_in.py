"""Ask for a proof by passkey: a challenge for whoever comes."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.attempts import admit
from application.accounts.one_time_secrets import OneTimeSecrets
from application.accounts.passkey_ceremonies import RequestOptions
from application.accounts.passkeys import ChallengePurpose
from application.accounts.ports import BeginAccounts
from application.accounts.throttling import AttemptThrottle
from application.shared.ports import Clock
from domain.accounts.attempts import PASSKEY_LIMITS
from domain.accounts.passkey import CHALLENGE_LIFETIME, RelyingParty
from domain.shared.network import network_of
from domain.shared.origin import Origin


class SignInStart(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody who is not known yet comes from."""

    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class StartPasskeySignIn:
    """Keep a challenge for anybody, which has to be answered within five minutes.

    It names no account and no passkey: the authenticator finds one, so nothing can be asked out.
    """

    begin: BeginAccounts
    throttle: AttemptThrottle
    secrets: OneTimeSecrets
    relying_party: RelyingParty
    clock: Clock

    async def __call__(self, command: SignInStart, /) -> RequestOptions:
        """What to hand to the browser."""
        await admit(
            self.throttle, f"passkey-start:{network_of(command.origin.address)}", PASSKEY_LIMITS
        )
        challenge, now = self.secrets.for_link(), self.clock()
        async with self.begin() as tx:
            await tx.passkey_challenges.add(
                challenge.digest,
                ChallengePurpose.ASSERTION,
                None,
                now,
                expires_at=now + CHALLENGE_LIFETIME,
            )
        return RequestOptions(relying_party=self.relying_party, challenge=challenge.secret)
