"""Users in PostgreSQL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import psycopg
from psycopg.types.json import Jsonb

from adapters.postgres.errors import constraint_of
from adapters.postgres.pool import Connection, Pool, fetch_all
from application.accounts.administration import UserSummary
from application.accounts.profile import Profile
from domain.accounts.email_address import EmailAddress
from domain.accounts.errors import AuthenticationRequiredError, EmailAlreadyRegisteredError
from domain.accounts.role import Role
from domain.accounts.user import User, UserSettings
from domain.shared.ids import UserId

USER_COLUMNS = """
users.id, email, email_key, email_verified, password_hash, role, display_name, settings,
created_at, updated_at,
exists (select from user_totp t where t.user_id = users.id and t.confirmed_at is not null)
"""
_USER = f"select {USER_COLUMNS} from users "  # noqa: S608


def user_of(row: Sequence[Any]) -> User:
    """What ``USER_COLUMNS`` say, which are the first of ``row``."""
    return User(
        id=row[0],
        email=EmailAddress(text=row[1], key=row[2]),
        email_verified=row[3],
        password_hash=row[4],
        role=Role(row[5]),
        display_name=row[6],
        settings=msgspec.convert(row[7], UserSettings),
        created_at=row[8],
        updated_at=row[9],
        totp_enabled=row[10],
    )


@contextmanager
def _taken_address() -> Iterator[None]:
    try:
        yield
    except psycopg.errors.UniqueViolation as error:
        if constraint_of(error) != "users_email_key_unique":
            raise
        raise EmailAlreadyRegisteredError("Sign in with it, or take another address.") from error


class PostgresUserRepository:
    """``UserRepository`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, user: User, /) -> None:
        """Insert; the unique key decides who of several is first."""
        with _taken_address():
            await self._connection.execute(
                """
                insert into users (id, email, email_key, email_verified, password_hash, role,
                                   display_name, settings, created_at, updated_at)
                values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
                """,
                [
                    user.id,
                    user.email.text,
                    user.email.key,
                    user.email_verified,
                    user.password_hash,
                    user.role,
                    user.display_name,
                    Jsonb(user.settings),
                    user.created_at,
                    user.updated_at,
                ],
            )

    async def get_for_update(self, user_id: UserId, /) -> User:
        """Select and lock."""
        user = await self.find_for_update(user_id)
        if user is None:
            raise AuthenticationRequiredError("The account is gone.")
        return user

    async def find_for_update(self, user_id: UserId, /) -> User | None:
        """Select and lock."""
        cursor = await self._connection.execute(_USER + "where id = %s for update", [user_id])
        row = await cursor.fetchone()
        return user_of(row) if row else None

    async def find_by_email_for_update(self, email: EmailAddress, /) -> User | None:
        """Select by the unique key, and lock."""
        cursor = await self._connection.execute(
            _USER + "where email_key = %s for update", [email.key]
        )
        row = await cursor.fetchone()
        return user_of(row) if row else None

    async def lock_administrators(self) -> frozenset[UserId]:
        """Lock their rows, in one order, then see who of them will stay."""
        cursor = await self._connection.execute(
            "select id from users where role = 'admin' order by id for update"
        )
        locked = [row[0] for row in await cursor.fetchall()]
        cursor = await self._connection.execute(
            "select user_id from account_deletions where user_id = any(%s)", [locked]
        )
        leaving = {row[0] for row in await cursor.fetchall()}
        return frozenset(UserId(row) for row in locked if row not in leaving)

    async def update(self, user: User, /) -> None:
        """Write every column that can change; a new address may be taken."""
        with _taken_address():
            await self._connection.execute(
                """
                update users set email = %s, email_key = %s, email_verified = %s,
                                 password_hash = %s, role = %s, display_name = %s, settings = %s,
                                 updated_at = %s
                where id = %s
                """,
                [
                    user.email.text,
                    user.email.key,
                    user.email_verified,
                    user.password_hash,
                    user.role,
                    user.display_name,
                    Jsonb(user.settings),
                    user.updated_at,
                    user.id,
                ],
            )


class PostgresUserDirectory:
    """``UserDirectory``, ``ProfileReader`` and ``UserReader``: reads outside any transaction."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find(self, email: EmailAddress, /) -> User | None:
        """One indexed read."""
        rows = await fetch_all(self._pool, _USER + "where email_key = %(key)s", {"key": email.key})
        return user_of(rows[0]) if rows else None

    async def find_by_id(self, user_id: UserId, /) -> User | None:
        """One indexed read."""
        rows = await fetch_all(self._pool, _USER + "where id = %(id)s", {"id": user_id})
        return user_of(rows[0]) if rows else None

    async def get(self, user_id: UserId, /) -> Profile:
        """One indexed read."""
        user = await self.find_by_id(user_id)
        if user is None:
            raise AuthenticationRequiredError("The account is gone.")
        return Profile.of(user)

    async def list_users(self, email_prefix: str, limit: int, /) -> list[UserSummary]:
        """By the key's own order where there is a beginning, else by the time of registration."""
        rows = await fetch_all(
            self._pool,
            _USER + "where starts_with(email_key, %(prefix)s) order by id desc limit %(limit)s",
            {"prefix": email_prefix, "limit": limit},
        )
        return [_summary(user_of(row)) for row in rows]


def _summary(user: User) -> UserSummary:
    return UserSummary(
        id=user.id,
        email=user.email.text,
        email_verified=user.email_verified,
        two_factor_enabled=user.totp_enabled,
        role=user.role,
        created_at=user.created_at,
    )
