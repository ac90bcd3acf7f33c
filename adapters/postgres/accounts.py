"""Users and their sessions in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import psycopg
from psycopg.types.json import Jsonb

from adapters.postgres.errors import constraint_of
from adapters.postgres.pool import Connection, Pool, fetch_all
from application.accounts.ports import RefreshToken, Rotation, RotationOutcome
from application.accounts.profile import Profile
from domain.accounts.email_address import EmailAddress
from domain.accounts.errors import AuthenticationRequiredError, EmailAlreadyRegisteredError
from domain.accounts.session import RETRY_GRACE, Session
from domain.accounts.user import User, UserSettings
from domain.shared.ids import SessionId, UserId

_USER = """
select id, email, email_key, email_verified, password_hash, display_name, settings,
       created_at, updated_at
from users
"""
_PROFILE = """
select id, email, email_verified, display_name, settings, created_at, updated_at
from users where id = %(user_id)s
"""
# The one statement that uses a token up: whoever comes second finds used_at set.
_ROTATE = """
with used as (
    update refresh_tokens t
    set used_at = %(now)s, successor_hash = %(successor)s
    from user_sessions s
    where t.token_hash = %(presented)s and t.used_at is null and t.expires_at > %(now)s
      and s.id = t.session_id and s.revoked_at is null and s.expires_at > %(now)s
    returning t.session_id, s.user_id
), successor as (
    insert into refresh_tokens (token_hash, session_id, issued_at, expires_at)
    select %(successor)s, session_id, %(now)s, %(expires_at)s from used
), touched as (
    update user_sessions s set last_used_at = %(now)s from used where s.id = used.session_id
)
select session_id, user_id from used
"""
_USED_BEFORE = """
select s.id, s.user_id,
       t.used_at > %(now)s - %(grace)s
           and t.successor_hash = %(successor)s
           and exists (
               select from refresh_tokens n
               where n.token_hash = t.successor_hash and n.used_at is null
           )
from refresh_tokens t join user_sessions s on s.id = t.session_id
where t.token_hash = %(presented)s and t.used_at is not null
  and s.revoked_at is null and s.expires_at > %(now)s
"""


def _user(row: Sequence[Any]) -> User:
    return User(
        id=row[0],
        email=EmailAddress(text=row[1], key=row[2]),
        email_verified=row[3],
        password_hash=row[4],
        display_name=row[5],
        settings=msgspec.convert(row[6], UserSettings),
        created_at=row[7],
        updated_at=row[8],
    )


class PostgresUserRepository:
    """``UserRepository`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, user: User, /) -> None:
        """Insert; the unique key decides who of several is first."""
        try:
            await self._connection.execute(
                """
                insert into users (id, email, email_key, email_verified, password_hash,
                                   display_name, settings, created_at, updated_at)
                values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
                """,
                [
                    user.id,
                    user.email.text,
                    user.email.key,
                    user.email_verified,
                    user.password_hash,
                    user.display_name,
                    Jsonb(user.settings),
                    user.created_at,
                    user.updated_at,
                ],
            )
        except psycopg.errors.UniqueViolation as error:
            if constraint_of(error) != "users_email_key_unique":
                raise
            raise EmailAlreadyRegisteredError(
                "Sign in with it, or register another address."
            ) from error

    async def get_for_update(self, user_id: UserId, /) -> User:
        """Select and lock."""
        cursor = await self._connection.execute(_USER + "where id = %s for update", [user_id])
        row = await cursor.fetchone()
        if row is None:
            raise AuthenticationRequiredError("The account is gone.")
        return _user(row)

    async def update(self, user: User, /) -> None:
        """Write every column that can change."""
        await self._connection.execute(
            """
            update users set email_verified = %s, password_hash = %s, display_name = %s,
                             settings = %s, updated_at = %s
            where id = %s
            """,
            [
                user.email_verified,
                user.password_hash,
                user.display_name,
                Jsonb(user.settings),
                user.updated_at,
                user.id,
            ],
        )


class PostgresSessionRepository:
    """``SessionRepository`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def open(
        self, session: Session, token: RefreshToken, /, *, token_expires_at: datetime
    ) -> None:
        """Insert the session and its first token in one statement."""
        await self._connection.execute(
            """
            with session as (
                insert into user_sessions (id, user_id, created_at, last_used_at, expires_at,
                                           ip_address, user_agent)
                values (%(id)s, %(user_id)s, %(now)s, %(now)s, %(expires_at)s, %(address)s,
                        %(user_agent)s)
            )
            insert into refresh_tokens (token_hash, session_id, issued_at, expires_at)
            values (%(token)s, %(id)s, %(now)s, %(token_expires_at)s)
            """,
            {
                "id": session.id,
                "user_id": session.user_id,
                "now": session.created_at,
                "expires_at": session.expires_at,
                "address": session.address,
                "user_agent": session.user_agent,
                "token": token.digest,
                "token_expires_at": token_expires_at,
            },
        )

    async def rotate(
        self,
        presented: bytes,
        successor: RefreshToken,
        /,
        *,
        now: datetime,
        successor_expires_at: datetime,
    ) -> Rotation | None:
        """One conditional statement; only who loses it asks why."""
        parameters = {
            "presented": presented,
            "successor": successor.digest,
            "now": now,
            "expires_at": successor_expires_at,
            "grace": RETRY_GRACE,
        }
        cursor = await self._connection.execute(_ROTATE, parameters)
        if row := await cursor.fetchone():
            return Rotation(outcome=RotationOutcome.ROTATED, session_id=row[0], user_id=row[1])
        cursor = await self._connection.execute(_USED_BEFORE, parameters)
        if row := await cursor.fetchone():
            outcome = RotationOutcome.REPEATED if row[2] else RotationOutcome.REUSED
            return Rotation(outcome=outcome, session_id=row[0], user_id=row[1])
        return None

    async def revoke(self, session_id: SessionId, now: datetime, /) -> bool:
        """Set ``revoked_at`` once."""
        cursor = await self._connection.execute(
            "update user_sessions set revoked_at = %s where id = %s and revoked_at is null",
            [now, session_id],
        )
        return cursor.rowcount == 1


class PostgresUserDirectory:
    """``UserDirectory`` and ``ProfileReader``: single reads outside any transaction."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find(self, email: EmailAddress, /) -> User | None:
        """One indexed read."""
        rows = await fetch_all(self._pool, _USER + "where email_key = %(key)s", {"key": email.key})
        return _user(rows[0]) if rows else None

    async def get(self, user_id: UserId, /) -> Profile:
        """One indexed read."""
        rows = await fetch_all(self._pool, _PROFILE, {"user_id": user_id})
        if not rows:
            raise AuthenticationRequiredError("The account is gone.")
        row = rows[0]
        return Profile(
            id=row[0],
            email=row[1],
            email_verified=row[2],
            display_name=row[3],
            settings=msgspec.convert(row[4], UserSettings),
            created_at=row[5],
            updated_at=row[6],
        )
