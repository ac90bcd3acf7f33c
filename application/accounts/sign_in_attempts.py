"""Ways to a provider and back, and where they are kept meanwhile."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from domain.accounts.identity import ProviderIdentity
from domain.shared.ids import SessionId, SignInAttemptId, UserId


class Purpose(StrEnum):
    """What somebody goes to the provider for."""

    SIGN_IN = "sign_in"
    LINK = "link"


class SignInAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """One way to a provider, bound to the browser that began it.

    A link is bound to the account and the session that began it as well.
    """

    id: SignInAttemptId
    state_digest: bytes
    browser_digest: bytes
    provider: str
    purpose: Purpose
    user_id: UserId | None
    session_id: SessionId | None
    return_to: str | None
    secrets_sealed: bytes
    created_at: datetime
    expires_at: datetime


class AttemptSecrets(msgspec.Struct, frozen=True, kw_only=True):
    """What stays here, sealed, while the browser is away."""

    nonce: str
    verifier: str

    def __repr__(self) -> str:
        return "AttemptSecrets(…)"


class AttemptOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a way back, sealed: a code and who it is, a link, or the code of an error."""

    code: str | None = None
    identity: ProviderIdentity | None = None
    linked: bool = False
    failure: str | None = None

    def __repr__(self) -> str:
        return f"AttemptOutcome(linked={self.linked!r}, failure={self.failure!r}, …)"


class UsedAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt whose state was used; ``outcome_sealed`` comes when the exchange has ended."""

    id: SignInAttemptId
    provider: str
    return_to: str | None
    outcome_sealed: bytes | None


def secrets_place(id: SignInAttemptId) -> str:
    """Where the secrets of an attempt are kept, which their encryption is bound to."""
    return f"sign_in_attempts/{id}/secrets"


def outcome_place(id: SignInAttemptId) -> str:
    """Where the outcome of an attempt is kept, which its encryption is bound to."""
    return f"sign_in_attempts/{id}/outcome"


class SignInAttemptRepository(Protocol):
    """Attempts; each step of one happens once, by one conditional statement."""

    async def add(self, attempt: SignInAttempt, /) -> None:
        """Keep a new one."""
        ...

    async def claim(
        self, state_digest: bytes, browser_digest: bytes, provider: str, now: datetime, /
    ) -> SignInAttempt | None:
        """Use the state up, if this browser began it with this provider and it has not expired.

        Of any number of callers with one state exactly one gets the attempt.
        """
        ...

    async def find_used(
        self, state_digest: bytes, browser_digest: bytes, provider: str, now: datetime, /
    ) -> UsedAttempt | None:
        """The attempt whose state was used, while its outcome is awaited or at most a minute old.

        Nothing once its code has been exchanged for tokens.
        """
        ...

    async def link_may_end(self, attempt: SignInAttempt, now: datetime, /) -> bool:
        """Whether the session that began a link is still open."""
        ...

    async def finish(
        self,
        id: SignInAttemptId,
        outcome_sealed: bytes,
        code_digest: bytes | None,
        now: datetime,
        /,
    ) -> None:
        """Keep what became of it."""
        ...

    async def present(
        self, code_digest: bytes, browser_digest: bytes, now: datetime, /
    ) -> UsedAttempt | None:
        """The attempt that ended in this code, presented by the browser that began it.

        The first time within ``CODE_LIFETIME`` of its end; then, for the second factor, within
        ``SECOND_FACTOR_LIFETIME``.
        """
        ...

    async def complete(self, id: SignInAttemptId, now: datetime, /) -> bool:
        """Use the code up: of any number of callers exactly one gets ``True``."""
        ...
