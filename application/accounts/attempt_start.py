"""The start of a way to a provider, whatever it is for."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.one_time_secrets import OneTimeSecrets
from application.accounts.ports import BeginAccounts
from application.accounts.providers import IdentityProviders, WayOut
from application.accounts.sign_in_attempts import (
    AttemptSecrets,
    Purpose,
    SignInAttempt,
    secrets_place,
)
from application.shared.ports import Clock, NewId, SecretBox
from domain.accounts.identity import ATTEMPT_LIFETIME, parse_return_to
from domain.shared.ids import SessionId, SignInAttemptId, UserId


class StartedSignIn(msgspec.Struct, frozen=True, kw_only=True):
    """Where the browser goes, and the secret that it keeps to be known by when it comes back."""

    authorization_address: str
    browser_secret: str
    expires_in: int

    def __repr__(self) -> str:
        return "StartedSignIn(…)"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptStart:
    """New secrets for one attempt: asked for an address first, kept afterwards."""

    begin: BeginAccounts
    providers: IdentityProviders
    secrets: OneTimeSecrets
    box: SecretBox
    clock: Clock
    new_id: NewId

    async def __call__(
        self,
        provider: str,
        return_to: str | None,
        *,
        link_to: tuple[UserId, SessionId] | None = None,
    ) -> StartedSignIn:
        """Digests and sealed secrets are kept; ``ProviderUnavailableError`` keeps nothing."""
        return_to = parse_return_to(return_to)
        state, browser = self.secrets.for_link(), self.secrets.for_link()
        nonce, verifier = self.secrets.for_link().secret, self.secrets.for_link().secret
        address = await self.providers.find(provider).authorization_address(
            WayOut(state=state.secret, nonce=nonce, verifier=verifier)
        )
        now, attempt_id = self.clock(), SignInAttemptId(self.new_id())
        kept = msgspec.json.encode(AttemptSecrets(nonce=nonce, verifier=verifier))
        async with self.begin() as tx:
            await tx.sign_in_attempts.add(
                SignInAttempt(
                    id=attempt_id,
                    state_digest=state.digest,
                    browser_digest=browser.digest,
                    provider=provider,
                    purpose=Purpose.LINK if link_to else Purpose.SIGN_IN,
                    user_id=link_to[0] if link_to else None,
                    session_id=link_to[1] if link_to else None,
                    return_to=return_to,
                    secrets_sealed=self.box.seal(kept, secrets_place(attempt_id)),
                    created_at=now,
                    expires_at=now + ATTEMPT_LIFETIME,
                )
            )
        return StartedSignIn(
            authorization_address=address,
            browser_secret=browser.secret,
            expires_in=int(ATTEMPT_LIFETIME.total_seconds()),
        )
