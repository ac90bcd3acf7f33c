"""The ports of accounts that lean on a database, in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from application.accounts.ports import (
    BeginAccounts,
    RefreshToken,
    Rotation,
    RotationOutcome,
)
from application.accounts.profile import Profile
from application.shared.ports import Clock
from domain.accounts.email_address import EmailAddress
from domain.accounts.errors import AuthenticationRequiredError, EmailAlreadyRegisteredError
from domain.accounts.session import RETRY_GRACE, Session
from domain.accounts.user import User
from domain.shared.ids import SessionId, UserId
from tests.fakes.shared import FakeAuditLog, FakeDatabase, FakeOutbox, Rows, StoredToken


class FakeUserRepository:
    """``UserRepository`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._users = rows.users

    async def add(self, user: User, /) -> None:
        """Refuse a taken address."""
        if any(user.email.key == other.email.key for other in self._users.values()):
            raise EmailAlreadyRegisteredError("taken")
        self._users[user.id] = user

    async def get_for_update(self, user_id: UserId, /) -> User:
        """Look it up."""
        if user_id not in self._users:
            raise AuthenticationRequiredError("gone")
        return self._users[user_id]

    async def update(self, user: User, /) -> None:
        """Replace it."""
        self._users[user.id] = user


class FakeSessionRepository:
    """``SessionRepository`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def open(
        self, session: Session, token: RefreshToken, /, *, token_expires_at: datetime
    ) -> None:
        """Keep both."""
        self._rows.sessions[session.id] = session
        self._rows.tokens[token.digest] = StoredToken(session.id, token_expires_at)

    async def rotate(
        self,
        presented: bytes,
        successor: RefreshToken,
        /,
        *,
        now: datetime,
        successor_expires_at: datetime,
    ) -> Rotation | None:
        """Use the token up once."""
        tokens = self._rows.tokens
        token = tokens.get(presented)
        if token is None or not is_open(self._rows, token.session_id, now):
            return None
        if token.used_at is None:
            if token.expires_at <= now:
                return None
            tokens[presented] = replace(token, used_at=now, successor=successor.digest)
            tokens[successor.digest] = StoredToken(token.session_id, successor_expires_at)
            outcome = RotationOutcome.ROTATED
        else:
            following = tokens.get(token.successor or b"")
            repeated = (
                token.used_at > now - RETRY_GRACE
                and token.successor == successor.digest
                and following is not None
                and following.used_at is None
            )
            outcome = RotationOutcome.REPEATED if repeated else RotationOutcome.REUSED
        return Rotation(
            outcome=outcome,
            session_id=token.session_id,
            user_id=self._rows.sessions[token.session_id].user_id,
        )

    async def revoke(self, session_id: SessionId, now: datetime, /) -> bool:
        """Once."""
        if session_id not in self._rows.sessions or session_id in self._rows.revoked:
            return False
        self._rows.revoked[session_id] = now
        return True


class FakeAccountsTransaction:
    """``AccountsTransaction`` on a copy of the rows."""

    def __init__(self, rows: Rows) -> None:
        self.users = FakeUserRepository(rows)
        self.sessions = FakeSessionRepository(rows)
        self.outbox = FakeOutbox(rows)
        self.audit = FakeAuditLog(rows)


def begin_accounts(database: FakeDatabase) -> BeginAccounts:
    """``BeginAccounts`` in memory."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[FakeAccountsTransaction]:
        async with database.transaction() as rows:
            yield FakeAccountsTransaction(rows)

    return begin


class FakeUserDirectory:
    """``UserDirectory`` and ``ProfileReader`` over what is committed."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    async def find(self, email: EmailAddress, /) -> User | None:
        """By the key."""
        users = self._database.rows.users.values()
        return next((user for user in users if user.email.key == email.key), None)

    async def get(self, user_id: UserId, /) -> Profile:
        """By the id."""
        user = self._database.rows.users.get(user_id)
        if user is None:
            raise AuthenticationRequiredError("gone")
        return Profile.of(user)


class FakeActiveSessions:
    """``ActiveSessions`` that remembers nothing, so every answer is fresh."""

    def __init__(self, database: FakeDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def includes(self, session_id: SessionId, /) -> bool:
        """Whether it is open now."""
        return is_open(self._database.rows, session_id, self._clock())

    def forget(self, session_id: SessionId, /) -> None:
        """There is nothing to forget."""


def is_open(rows: Rows, session_id: SessionId, now: datetime) -> bool:
    """Whether a session is there, not revoked and not expired."""
    session = rows.sessions.get(session_id)
    return session is not None and session_id not in rows.revoked and session.expires_at > now
