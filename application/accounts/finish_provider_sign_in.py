"""Receive a browser that comes back from a provider."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.identity_link import IdentityLink
from application.accounts.one_time_secrets import OneTimeSecrets
from application.accounts.ports import BeginAccounts
from application.accounts.providers import IdentityProviders, Pause, WayBack
from application.accounts.sign_in_attempts import (
    AttemptOutcome,
    AttemptSecrets,
    Purpose,
    SignInAttempt,
    outcome_place,
    secrets_place,
)
from application.shared.ports import Clock, SecretBox
from domain.accounts.identity import ProviderIdentity
from domain.accounts.provider_errors import (
    ProviderSignInCancelledError,
    ProviderSignInExpiredError,
    ProviderSignInFailedError,
)
from domain.shared.errors import DomainError
from domain.shared.origin import Origin

# The exchange takes ten seconds at most; whoever clicks twice waits for its outcome as long.
_LOOKS = 48
_BETWEEN_LOOKS_SECONDS = 0.25


class ProviderAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the browser brings: from the provider, and the secret that it has kept."""

    provider: str
    state: str | None
    code: str | None
    error: str | None
    issuer: str | None
    browser_secret: str | None
    origin: Origin

    def __repr__(self) -> str:
        return f"ProviderAnswer(provider={self.provider!r}, …)"


class Landing(msgspec.Struct, frozen=True, kw_only=True):
    """Where the browser lands: with a code for its tokens, with a link made, or refused."""

    provider: str
    return_to: str | None
    code: str | None
    linked: bool
    failure: str | None

    def __repr__(self) -> str:
        return f"Landing(provider={self.provider!r}, failure={self.failure!r}, …)"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class FinishProviderSignIn:
    """Use the state up, exchange the code once, and keep who it is for a minute.

    The exchange is outside any transaction. Whoever comes second with the same state, in the
    same browser, gets the outcome of the first.
    """

    begin: BeginAccounts
    providers: IdentityProviders
    secrets: OneTimeSecrets
    box: SecretBox
    link: IdentityLink
    pause: Pause
    clock: Clock

    async def __call__(self, command: ProviderAnswer, /) -> Landing:
        """Where to land; ``ProviderSignInExpiredError`` where this browser has begun nothing."""
        self.providers.find(command.provider)
        if not command.state or not command.browser_secret:
            raise _expired()
        state = self.secrets.digest(command.state)
        browser = self.secrets.digest(command.browser_secret)
        async with self.begin() as tx:
            attempt = await tx.sign_in_attempts.claim(
                state, browser, command.provider, self.clock()
            )
        if attempt is None:
            return await self._outcome_of_other(state, browser, command.provider)
        try:
            identity = await self._exchange(attempt, command)
            outcome = await self._end(attempt, identity, command.origin)
        except DomainError as refusal:
            outcome = AttemptOutcome(failure=refusal.code)
            async with self.begin() as tx:
                await tx.sign_in_attempts.finish(
                    attempt.id, self._sealed(attempt, outcome), None, self.clock()
                )
        return _landing(attempt.provider, attempt.return_to, outcome)

    async def _exchange(self, attempt: SignInAttempt, command: ProviderAnswer) -> ProviderIdentity:
        if command.error is not None:
            if command.error == "access_denied":
                raise ProviderSignInCancelledError("Begin again if that was not meant.")
            raise ProviderSignInFailedError("Begin again.")
        if not command.code:
            raise ProviderSignInFailedError("Begin again.")
        opened = self.box.open(attempt.secrets_sealed, secrets_place(attempt.id))
        kept = msgspec.json.decode(opened, type=AttemptSecrets)
        return await self.providers.find(attempt.provider).exchange(
            WayBack(
                code=command.code,
                issuer=command.issuer,
                nonce=kept.nonce,
                verifier=kept.verifier,
            )
        )

    async def _end(
        self, attempt: SignInAttempt, identity: ProviderIdentity, origin: Origin
    ) -> AttemptOutcome:
        now = self.clock()
        if attempt.purpose is Purpose.SIGN_IN:
            code = self.secrets.for_link()
            outcome, digest = AttemptOutcome(code=code.secret, identity=identity), code.digest
            async with self.begin() as tx:
                sealed = self._sealed(attempt, outcome)
                await tx.sign_in_attempts.finish(attempt.id, sealed, digest, now)
            return outcome
        outcome = AttemptOutcome(linked=True)
        async with self.begin() as tx:
            assert attempt.user_id is not None
            user = await tx.users.get_for_update(attempt.user_id)
            if not await tx.sign_in_attempts.link_may_end(attempt, now):
                raise _expired()
            await self.link(tx, user, identity, provider=attempt.provider, origin=origin, now=now)
            await tx.sign_in_attempts.finish(attempt.id, self._sealed(attempt, outcome), None, now)
        return outcome

    async def _outcome_of_other(self, state: bytes, browser: bytes, provider: str) -> Landing:
        for _ in range(_LOOKS):
            async with self.begin() as tx:
                used = await tx.sign_in_attempts.find_used(state, browser, provider, self.clock())
            if used is None:
                break
            if used.outcome_sealed is not None:
                opened = self.box.open(used.outcome_sealed, outcome_place(used.id))
                outcome = msgspec.json.decode(opened, type=AttemptOutcome)
                return _landing(used.provider, used.return_to, outcome)
            await self.pause(_BETWEEN_LOOKS_SECONDS)
        raise _expired()

    def _sealed(self, attempt: SignInAttempt, outcome: AttemptOutcome) -> bytes:
        return self.box.seal(msgspec.json.encode(outcome), outcome_place(attempt.id))


def _landing(provider: str, return_to: str | None, outcome: AttemptOutcome) -> Landing:
    return Landing(
        provider=provider,
        return_to=return_to,
        code=outcome.code,
        linked=outcome.linked,
        failure=outcome.failure,
    )


def _expired() -> ProviderSignInExpiredError:
    return ProviderSignInExpiredError("Begin again, in this browser.")
