"""The ports of accounts that lean on a database, in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from application.accounts.administration import UserSummary
from application.accounts.ports import BeginAccounts
from application.accounts.profile import Profile
from domain.accounts.email_address import EmailAddress
from domain.accounts.errors import AuthenticationRequiredError, EmailAlreadyRegisteredError
from domain.accounts.role import Role
from domain.accounts.user import User
from domain.shared.ids import UserId
from tests.fakes.api_tokens import FakeApiTokenRepository
from tests.fakes.links import FakeLinkRepository, FakeResetRequestQueue
from tests.fakes.passkeys import FakePasskeyChallengeRepository, FakePasskeyRepository
from tests.fakes.password_failures import FakePasswordFailures
from tests.fakes.privacy import FakeDeletionRepository
from tests.fakes.providers import FakeIdentityRepository, FakeSignInAttemptRepository
from tests.fakes.second_factors import (
    FakeAdminCodeRepository,
    FakeRecoveryCodeRepository,
    FakeTotpRepository,
)
from tests.fakes.sessions import FakeSessionHistory, FakeSessionRepository
from tests.fakes.shared import (
    FakeAuditLog,
    FakeDatabase,
    FakeMailQueue,
    FakeOutbox,
    Rows,
    with_factor,
)


class FakeUserRepository:
    """``UserRepository`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, user: User, /) -> None:
        """Refuse a taken address."""
        if any(user.email.key == other.email.key for other in self._rows.users.values()):
            raise EmailAlreadyRegisteredError("taken")
        self._rows.users[user.id] = user

    async def get_for_update(self, user_id: UserId, /) -> User:
        """Look it up."""
        user = await self.find_for_update(user_id)
        if user is None:
            raise AuthenticationRequiredError("gone")
        return user

    async def find_for_update(self, user_id: UserId, /) -> User | None:
        """Look it up."""
        user = self._rows.users.get(user_id)
        return None if user is None else with_factor(self._rows, user)

    async def find_by_email_for_update(self, email: EmailAddress, /) -> User | None:
        """By the key."""
        found = (user for user in self._rows.users.values() if user.email.key == email.key)
        return next((with_factor(self._rows, user) for user in found), None)

    async def lock_administrators(self) -> frozenset[UserId]:
        """Those who stay."""
        admins = {user.id for user in self._rows.users.values() if user.role is Role.ADMIN}
        return frozenset(admins - self._rows.deletions.keys())

    async def update(self, user: User, /) -> None:
        """Replace it; refuse a taken address."""
        others = [other for other in self._rows.users.values() if other.id != user.id]
        if any(user.email.key == other.email.key for other in others):
            raise EmailAlreadyRegisteredError("taken")
        self._rows.users[user.id] = user


class FakeAccountsTransaction:
    """``AccountsTransaction`` on a copy of the rows."""

    def __init__(self, rows: Rows) -> None:
        self.users = FakeUserRepository(rows)
        self.sessions = FakeSessionRepository(rows)
        self.session_history = FakeSessionHistory(rows)
        self.password_failures = FakePasswordFailures(rows)
        self.totp = FakeTotpRepository(rows)
        self.recovery_codes = FakeRecoveryCodeRepository(rows)
        self.admin_codes = FakeAdminCodeRepository(rows)
        self.passkeys = FakePasskeyRepository(rows)
        self.passkey_challenges = FakePasskeyChallengeRepository(rows)
        self.api_tokens = FakeApiTokenRepository(rows)
        self.identities = FakeIdentityRepository(rows)
        self.sign_in_attempts = FakeSignInAttemptRepository(rows)
        self.links = FakeLinkRepository(rows)
        self.reset_requests = FakeResetRequestQueue(rows)
        self.deletions = FakeDeletionRepository(rows)
        self.mails = FakeMailQueue(rows)
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
    """``UserDirectory``, ``ProfileReader`` and ``UserReader`` over what is committed."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    async def find(self, email: EmailAddress, /) -> User | None:
        """By the key."""
        rows = self._database.rows
        found = next((user for user in rows.users.values() if user.email.key == email.key), None)
        return None if found is None else with_factor(rows, found)

    async def find_by_id(self, user_id: UserId, /) -> User | None:
        """By the id."""
        rows = self._database.rows
        user = rows.users.get(user_id)
        return None if user is None else with_factor(rows, user)

    async def get(self, user_id: UserId, /) -> Profile:
        """By the id."""
        user = await self.find_by_id(user_id)
        if user is None:
            raise AuthenticationRequiredError("gone")
        return Profile.of(user)

    async def list_users(self, email_prefix: str, limit: int, /) -> list[UserSummary]:
        """Those whose key starts so."""
        rows = self._database.rows
        found = [user for user in rows.users.values() if user.email.key.startswith(email_prefix)]
        return [
            UserSummary(
                id=user.id,
                email=user.email.text,
                email_verified=user.email_verified,
                two_factor_enabled=with_factor(rows, user).totp_enabled,
                role=user.role,
                created_at=user.created_at,
            )
            for user in sorted(found, key=lambda user: user.id, reverse=True)[:limit]
        ]
