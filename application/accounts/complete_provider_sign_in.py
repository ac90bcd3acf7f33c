"""Exchange the code of a sign-in with a provider for the pair of tokens."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

import msgspec

from application.accounts.attempts import admit
from application.accounts.identity_link import IdentityLink
from application.accounts.one_time_secrets import OneTimeSecrets
from application.accounts.ports import AccountsTransaction, BeginAccounts
from application.accounts.refused_sign_in import RefusedSignIn
from application.accounts.second_factor_check import SecondFactorCheck, SecondFactorProof
from application.accounts.sign_in_attempts import AttemptOutcome, UsedAttempt, outcome_place
from application.accounts.signed_in import SessionStart, SignedIn
from application.accounts.throttling import AttemptThrottle
from application.shared.ports import Clock, NewId, SecretBox
from application.shared.record import record
from domain.accounts.attempts import AttemptLimit
from domain.accounts.errors import EmailAlreadyRegisteredError, InvalidSecondFactorError
from domain.accounts.events import UserRegistered
from domain.accounts.identity import ProviderIdentity, account_for
from domain.accounts.principal import SignInMethod
from domain.accounts.provider_errors import ProviderSignInExpiredError
from domain.accounts.user import User
from domain.shared.ids import EventId, UserId
from domain.shared.network import network_of
from domain.shared.origin import Origin


class SignInToComplete(msgspec.Struct, frozen=True, kw_only=True):
    """The code that the browser landed with, and the secret that it has kept."""

    code: str
    browser_secret: str | None
    second_factor: SecondFactorProof = SecondFactorProof()
    origin: Origin

    def __repr__(self) -> str:
        return "SignInToComplete(…)"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteProviderSignIn:
    """Sign in to the account of an identity, or open one for it.

    The account is found by issuer and subject alone. An address that the provider names decides
    nothing: where it has an account, its owner signs in there and links the provider.
    """

    begin: BeginAccounts
    secrets: OneTimeSecrets
    box: SecretBox
    throttle: AttemptThrottle
    limit: AttemptLimit
    second_factor: SecondFactorCheck
    refuse: RefusedSignIn
    link: IdentityLink
    start_session: SessionStart
    clock: Clock
    new_id: NewId

    async def __call__(self, command: SignInToComplete, /) -> SignedIn:
        """The signed-in user.

        ``ProviderSignInExpiredError`` for a code that is unknown, used, too old or another
        browser's; refusals of the second factor as when signing in with a password; for a new
        account ``ProviderEmailUnverifiedError`` or ``EmailAlreadyRegisteredError``.
        """
        digest = self.secrets.digest(command.code)
        browser = self.secrets.digest(command.browser_secret or "")
        async with self.begin() as tx:
            attempt = await tx.sign_in_attempts.present(digest, browser, self.clock())
            if attempt is None:
                raise _expired()
            said = self._said(attempt)
            known = await tx.identities.find(said.issuer, said.subject)
            user = await tx.users.find_for_update(known.user_id) if known else None
        if user is not None:
            await self.second_factor.admit(user, command.second_factor)
        else:
            await admit(
                self.throttle, f"register:{network_of(command.origin.address)}", [self.limit]
            )
        try:
            return await self._start(attempt, said, user, command)
        except InvalidSecondFactorError:
            assert user is not None
            await self.refuse(user.email, user, command.origin, self.clock())
            raise

    async def _start(
        self,
        attempt: UsedAttempt,
        said: ProviderIdentity,
        user: User | None,
        command: SignInToComplete,
    ) -> SignedIn:
        now, origin = self.clock(), command.origin
        async with self.begin() as tx:
            if not await tx.sign_in_attempts.complete(attempt.id, now):
                raise _expired()
            methods: tuple[SignInMethod, ...] = (SignInMethod.PROVIDER,)
            opened = user is None
            if user is None:
                user = await self._open_account(tx, said, attempt.provider, origin, now)
            else:
                user = await self._known(tx, user.id, said, now)
                methods += await self.second_factor(tx, user, command.second_factor, origin, now)
            return await self.start_session(tx, user, methods, origin, now, familiar=opened)

    def _said(self, attempt: UsedAttempt) -> ProviderIdentity:
        if attempt.outcome_sealed is None:
            raise _expired()
        opened = self.box.open(attempt.outcome_sealed, outcome_place(attempt.id))
        identity = msgspec.json.decode(opened, type=AttemptOutcome).identity
        if identity is None:
            raise _expired()
        return identity

    async def _known(
        self, tx: AccountsTransaction, user_id: UserId, said: ProviderIdentity, now: datetime
    ) -> User:
        user = await tx.users.get_for_update(user_id)
        if not await tx.identities.use(said.issuer, said.subject, user_id, now):
            raise _expired()  # unlinked while the second factor was typed
        return user

    async def _open_account(
        self,
        tx: AccountsTransaction,
        said: ProviderIdentity,
        provider: str,
        origin: Origin,
        now: datetime,
    ) -> User:
        user = account_for(said, id=UserId(self.new_id()), now=now)
        try:
            await tx.users.add(user)
        except EmailAlreadyRegisteredError as error:
            raise EmailAlreadyRegisteredError(
                "Sign in as you did before, then link the provider to your account."
            ) from error
        if await tx.links.reserved(user.email, now):
            raise EmailAlreadyRegisteredError("It was another account's until lately.")
        event = UserRegistered(id=EventId(self.new_id()), occurred_at=now, user_id=user.id)
        await record(tx, event, origin, after=user.state)
        await self.link(tx, user, said, provider=provider, origin=origin, now=now)
        return user


def _expired() -> ProviderSignInExpiredError:
    return ProviderSignInExpiredError("Begin again, in this browser.")
