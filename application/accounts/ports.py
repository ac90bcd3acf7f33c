"""What the use cases of accounts need from the outside."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from application.accounts.profile import Profile
from application.shared.ports import AuditLog, Outbox
from domain.accounts.attempts import Admission, Attempts
from domain.accounts.email_address import EmailAddress
from domain.accounts.password import Password
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

    async def update(self, user: User, /) -> None:
        """Keep the new state of a user that is there."""
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
        """Keep a session with its first refresh token."""
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

    async def revoke(self, session_id: SessionId, now: datetime, /) -> bool:
        """End a session with all its tokens; whether it was still open."""
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


class ActiveSessions(Protocol):
    """Which sessions are still open; the answer may be five seconds old, never older.

    The truth is in the database, so the loss of Redis changes nothing.
    """

    async def includes(self, session_id: SessionId, /) -> bool:
        """Whether the session has neither ended nor been revoked."""
        ...

    def forget(self, session_id: SessionId, /) -> None:
        """Drop what this process remembers of a session that has just been revoked."""
        ...


class PasswordHasher(Protocol):
    """A slow one-way function for passwords, run outside the event loop in a few places.

    Every method but ``needs_rehash`` raises ``SignInBusyError`` where all places are taken.
    """

    async def hash(self, password: Password, /) -> str:
        """A PHC string with a fresh salt."""
        ...

    async def verify(
        self, password: Password, hash: str | None, /, *, preferred: bool = False
    ) -> bool:
        """Whether they belong together; with ``None``, the same work and always no.

        For those who are ``preferred`` some places are set aside.
        """
        ...

    def needs_rehash(self, hash: str, /) -> bool:
        """Whether ``hash`` was made with weaker parameters than today's."""
        ...


class CommonPasswords(Protocol):
    """Passwords that are guessed first, looked up offline."""

    async def includes(self, password: Password, /, *, email: EmailAddress) -> bool:
        """Whether somebody who guesses would soon come upon it, ``email`` in mind."""
        ...


class AccessClaims(msgspec.Struct, frozen=True, kw_only=True):
    """What an access token says: who, in which session."""

    user_id: UserId
    session_id: SessionId


class AccessTokens(Protocol):
    """Signed tokens that prove a session for fifteen minutes (RFC 9068)."""

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

    def successor(self, secret: str, /) -> RefreshToken:
        """The one that follows ``secret``: the same each time, predictable to nobody else."""
        ...

    def digest(self, secret: str, /) -> bytes:
        """What is kept of a secret that somebody presents."""
        ...


class AttemptThrottle(Protocol):
    """A count of attempts in sliding windows, for all processes together.

    With Redis down or frozen a count inside the process takes over within 0.1 seconds, with
    the process's share of each limit; attempts are never let through unlimited. What is
    counted may be lost at any time.
    """

    async def admit(self, *subjects: Attempts) -> Admission:
        """Count an attempt of all subjects, or of none of them where one limit is reached."""
        ...

    async def forgive(self, *keys: str) -> None:
        """Forget the attempts under these keys: the last one was right."""
        ...

    async def take_back(self, *keys: str) -> None:
        """Forget the newest attempt under each of these keys: nothing was tried."""
        ...


class KnownDevices(Protocol):
    """Tokens by which a device shows that it has signed in to an account before.

    They open nothing; whoever holds one is only counted apart from strangers.
    """

    def recognise(self, token: str | None, email: EmailAddress, now: datetime, /) -> str | None:
        """The device's id; ``None`` for a token that is not ours, too old or of another account."""
        ...

    def issue(self, device: str | None, email: EmailAddress, now: datetime, /) -> str:
        """A token for a device that is known, or for a new one."""
        ...
