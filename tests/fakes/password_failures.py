"""Passwords that were wrong in a row, in memory."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from application.accounts.password_attempts import PasswordAttempt
from domain.accounts.email_address import EmailAddress
from domain.accounts.password_stop import most_failures
from domain.accounts.user import User
from domain.shared.ids import UserId
from tests.fakes.shared import FakeDatabase, Rows, StoredFailures, with_factor


class FakePasswordAttempts:
    """``PasswordAttempts`` over what is committed."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    async def by_email(self, email: EmailAddress, /, *, familiar: bool) -> PasswordAttempt | None:
        """By the key."""
        return await self._count(lambda user: user.email.key == email.key, familiar=familiar)

    async def by_id(self, user_id: UserId, /, *, familiar: bool) -> PasswordAttempt | None:
        """By the id."""
        return await self._count(lambda user: user.id == user_id, familiar=familiar)

    async def take_back(self, attempt: PasswordAttempt | None, /) -> None:
        """One less."""
        if attempt is None or attempt.password_hash is None:
            return
        async with self._database.transaction() as rows:
            key = (attempt.user.id, attempt.familiar)
            known = rows.password_failures.get(key)
            if known is not None and known.closed_at is None:
                rows.password_failures[key] = msgspec.structs.replace(
                    known, failures=max(0, known.failures - 1)
                )

    async def _count(
        self, theirs: Callable[[User], bool], *, familiar: bool
    ) -> PasswordAttempt | None:
        async with self._database.transaction() as rows:
            user = next((user for user in rows.users.values() if theirs(user)), None)
            if user is None:
                return None
            user, most = with_factor(rows, user), most_failures(familiar=familiar)
            key = (user.id, familiar)
            known = rows.password_failures.get(key, StoredFailures())
            counted = user.password_hash is not None and known.failures < most
            if counted:
                known = msgspec.structs.replace(known, failures=known.failures + 1)
                rows.password_failures[key] = known
            return PasswordAttempt(
                user=user,
                familiar=familiar,
                password_hash=user.password_hash if counted else None,
                closing=user.password_hash is not None
                and known.failures >= most
                and known.closed_at is None,
            )


class FakePasswordFailures:
    """``PasswordFailures`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def forgive(self, user_id: UserId, /) -> None:
        """Forget both counts."""
        for familiar in (True, False):
            self._rows.password_failures.pop((user_id, familiar), None)

    async def close(self, user_id: UserId, now: datetime, /, *, familiar: bool) -> bool:
        """Note the time, once."""
        known = self._rows.password_failures.get((user_id, familiar), StoredFailures())
        if known.failures < most_failures(familiar=familiar) or known.closed_at is not None:
            return False
        self._rows.password_failures[user_id, familiar] = msgspec.structs.replace(
            known, closed_at=now
        )
        return True
