"""What the use cases of accounts need from the outside."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from application.accounts.api_tokens import ApiTokenRepository
from application.accounts.identities import IdentityRepository
from application.accounts.link_ports import LinkRepository, ResetRequestQueue
from application.accounts.one_time_secrets import AdminCodeRepository
from application.accounts.passkeys import PasskeyChallengeRepository, PasskeyRepository
from application.accounts.password_attempts import PasswordFailures
from application.accounts.pending_deletions import PendingDeletions
from application.accounts.profile import Profile
from application.accounts.second_factors import RecoveryCodeRepository, TotpRepository
from application.accounts.sign_in_attempts import SignInAttemptRepository
from application.accounts.surroundings import SessionHistory
from application.shared.ports import AuditLog, MailQueue, Outbox
from domain.accounts.email_address import EmailAddress
from domain.accounts.principal import SignInMethod
from domain.accounts.session import Session
from domain.accounts.user import User
from domain.shared.ids import SessionId, UserId


class UserRepository(Protocol):
    """Everyone who has an account."""

    async def add(self, user: User, /) -> None:
        """Keep a new user; ``EmailAlreadyRegisteredError`` where the address is taken."""
        ...

    async def get_for_update(self, user_id: UserId, /) -> User:
        """The user, locked until the transaction ends; ``AuthenticationRequiredError`` if gone."""
        ...

    async def find_for_update(self, user_id: UserId, /) -> User | None:
        """The user, locked until the transaction ends; nobody where there is none."""
        ...

    async def find_by_email_for_update(self, email: EmailAddress, /) -> User | None:
        """Whoever has this address, locked until the transaction ends."""
        ...

    async def lock_administrators(self) -> frozenset[UserId]:
        """Lock everyone whose role is admin until the transaction ends; who is not leaving."""
        ...

    async def update(self, user: User, /) -> None:
        """Keep the new state of a user; ``EmailAlreadyRegisteredError`` where it is taken."""
        ...


class RefreshToken(msgspec.Struct, frozen=True, kw_only=True):
    """An opaque 256-bit secret for its holder, and the SHA-256 digest that is kept of it."""

    secret: str
    digest: bytes

    def __repr__(self) -> str:
        return "RefreshToken(…)"


class RotationOutcome(StrEnum):
    """What became of a refresh token that somebody presented."""

    ROTATED = "rotated"  # it was unused: the successor is in its place now
    REPEATED = "repeated"  # it was used a moment ago and the same successor is still unused
    REUSED = "reused"  # it was used before: somebody else has it too


class Rotation(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome, with the session that it concerns."""

    outcome: RotationOutcome
    session_id: SessionId
    user_id: UserId


class SessionRepository(Protocol):
    """Signed-in devices and the refresh tokens of each."""

    async def open(
        self, session: Session, token: RefreshToken, /, *, token_expires_at: datetime
    ) -> None:
        """Keep a session with its first refresh token.

        Of more than ``MAX_SESSIONS`` open ones of one person, those idle longest end: under the
        lock on the user that every caller holds.
        """
        ...

    async def rotate(
        self,
        presented: bytes,
        successor: RefreshToken,
        /,
        *,
        now: datetime,
        successor_expires_at: datetime,
    ) -> Rotation | None:
        """Use up the token with digest ``presented`` and put ``successor`` in its place.

        One conditional statement: of any number of callers with one token, exactly one gets
        ``ROTATED`` (RFC 9700 section 4.14.2). The others, within ``RETRY_GRACE`` and while the
        successor is unused, get ``REPEATED``; later it is ``REUSED``. ``None`` for a token
        that is unknown, or unused but expired, or whose session is over.
        """
        ...

    async def revoke(self, user_id: UserId, session_id: SessionId, now: datetime, /) -> bool:
        """End this session of this person with all its tokens; whether it was still open."""
        ...

    async def revoke_all(
        self, user_id: UserId, now: datetime, /, *, keep: SessionId | None = None
    ) -> list[SessionId]:
        """End all that are open but ``keep``; which ones."""
        ...

    async def revoke_everybodys(self, now: datetime, /) -> int:
        """End every open session of every person, in one statement; how many."""
        ...

    async def renew(
        self,
        session_id: SessionId,
        methods: tuple[SignInMethod, ...],
        now: datetime,
        /,
    ) -> None:
        """Note that the person of an open session has just proved again who they are."""
        ...


class AccountsTransaction(Protocol):
    """All of it or nothing: commits on a clean exit, rolls back on any exception."""

    @property
    def users(self) -> UserRepository:
        """Everyone who has an account."""
        ...

    @property
    def sessions(self) -> SessionRepository:
        """Signed-in devices."""
        ...

    @property
    def session_history(self) -> SessionHistory:
        """Where somebody has signed in before."""
        ...

    @property
    def password_failures(self) -> PasswordFailures:
        """Passwords that were wrong in a row."""
        ...

    @property
    def totp(self) -> TotpRepository:
        """Second factors."""
        ...

    @property
    def recovery_codes(self) -> RecoveryCodeRepository:
        """What stands in for a lost second factor."""
        ...

    @property
    def admin_codes(self) -> AdminCodeRepository:
        """What makes somebody an administrator."""
        ...

    @property
    def passkeys(self) -> PasskeyRepository:
        """Public keys that open accounts."""
        ...

    @property
    def passkey_challenges(self) -> PasskeyChallengeRepository:
        """What authenticators have to sign."""
        ...

    @property
    def api_tokens(self) -> ApiTokenRepository:
        """What people let integrators do."""
        ...

    @property
    def identities(self) -> IdentityRepository:
        """Who people are at providers."""
        ...

    @property
    def sign_in_attempts(self) -> SignInAttemptRepository:
        """Ways to a provider and back."""
        ...

    @property
    def links(self) -> LinkRepository:
        """Links that were sent to an address."""
        ...

    @property
    def reset_requests(self) -> ResetRequestQueue:
        """Forgotten passwords."""
        ...

    @property
    def deletions(self) -> PendingDeletions:
        """Accounts that are going to be erased."""
        ...

    @property
    def mails(self) -> MailQueue:
        """Messages of this transaction."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Events of this transaction."""
        ...

    @property
    def audit(self) -> AuditLog:
        """Audit records of this transaction."""
        ...


BeginAccounts = Callable[[], AbstractAsyncContextManager[AccountsTransaction]]


class ProfileReader(Protocol):
    """Profiles, as they are shown."""

    async def get(self, user_id: UserId, /) -> Profile:
        """The profile; ``AuthenticationRequiredError`` where the account is gone."""
        ...


class UserDirectory(Protocol):
    """Who has which address; read outside any transaction, since a password check is slow."""

    async def find(self, email: EmailAddress, /) -> User | None:
        """The user whose address has the same key, or nobody."""
        ...

    async def find_by_id(self, user_id: UserId, /) -> User | None:
        """The user with that id, or nobody."""
        ...


class AccessClaims(msgspec.Struct, frozen=True, kw_only=True):
    """What an access token says: who, in which session."""

    user_id: UserId
    session_id: SessionId


class AccessTokens(Protocol):
    """Signed tokens that prove a session for ten minutes (RFC 9068)."""

    def issue(self, claims: AccessClaims, now: datetime, /) -> str:
        """A signed token that is valid from ``now``."""
        ...

    def verify(self, token: str, now: datetime, /) -> AccessClaims:
        """What a token says; ``AuthenticationRequiredError`` for any that is not ours."""
        ...

    def key_set(self) -> dict[str, object]:
        """The public keys as a JSON Web Key Set (RFC 7517)."""
        ...


class RefreshTokens(Protocol):
    """Where refresh tokens come from."""

    def first(self) -> RefreshToken:
        """The first of a new family, from 256 random bits."""
        ...

    def successors(self, secret: str, /) -> tuple[RefreshToken, ...]:
        """What follows ``secret``: the same each time, predictable to nobody else.

        The first one is to be used. The others are what it would have been under keys from
        before a rotation, or will be after the next.
        """
        ...

    def digest(self, secret: str, /) -> bytes:
        """What is kept of a secret that somebody presents."""
        ...
