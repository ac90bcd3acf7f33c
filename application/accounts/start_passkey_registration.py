"""Ask for a new passkey: the challenge, and what the authenticator has to know."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.attempts import admit
from application.accounts.one_time_secrets import OneTimeSecrets
from application.accounts.passkey_ceremonies import CreationOptions
from application.accounts.passkeys import ChallengePurpose
from application.accounts.ports import BeginAccounts
from application.accounts.throttling import AttemptThrottle
from application.shared.ports import Clock
from domain.accounts.attempts import PASSKEY_LIMITS
from domain.accounts.errors import TooManyPasskeysError
from domain.accounts.passkey import CHALLENGE_LIFETIME, MAX_PASSKEYS, RelyingParty, user_handle
from domain.shared.ids import UserId


class RegistrationStart(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants another passkey."""

    actor: UserId


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class StartPasskeyRegistration:
    """Keep a challenge for one person, who has to answer it within five minutes."""

    begin: BeginAccounts
    throttle: AttemptThrottle
    secrets: OneTimeSecrets
    relying_party: RelyingParty
    clock: Clock

    async def __call__(self, command: RegistrationStart, /) -> CreationOptions:
        """What to hand to the browser; ``TooManyPasskeysError`` where there is room for none."""
        await admit(self.throttle, f"passkey-registration:{command.actor}", PASSKEY_LIMITS)
        challenge, now = self.secrets.for_link(), self.clock()
        async with self.begin() as tx:
            user = await tx.users.get_for_update(command.actor)
            known = await tx.passkeys.all_of(user.id)
            if len(known) >= MAX_PASSKEYS:
                raise TooManyPasskeysError("Remove one that you do not use any more.")
            await tx.passkey_challenges.add(
                challenge.digest,
                ChallengePurpose.REGISTRATION,
                user.id,
                now,
                expires_at=now + CHALLENGE_LIFETIME,
            )
        return CreationOptions(
            relying_party=self.relying_party,
            user_handle=user_handle(user.id),
            user_name=user.email.text,
            display_name=user.display_name or user.email.text,
            challenge=challenge.secret,
            known=tuple(known),
        )
