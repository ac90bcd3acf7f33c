"""Passwords that were wrong in a row, in PostgreSQL."""

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from adapters.postgres.accounts import USER_COLUMNS, user_of
from adapters.postgres.errors import constraint_of, translated_errors
from adapters.postgres.pool import Connection, Pool, on_living_connection
from application.accounts.password_attempts import PasswordAttempt
from domain.accounts.email_address import EmailAddress
from domain.accounts.password_stop import most_failures
from domain.shared.ids import UserId

_NOBODY = UUID(int=0)

# Nobody waits for the disk here, which would tell known addresses from others: whatever is
# answered has been committed after it, and then this is on the disk as well.
_SOON = "(select set_config('synchronous_commit', 'off', true)) as soon"

# The one statement that counts: of any number at once, none gets past the last.
_COUNT = f"""
with counted as (
    insert into password_failures as f (user_id, familiar, failures)
    select u.id, %(familiar)s, 1 from users u, {_SOON}
    where u.{{key}} = %(value)s and u.password_hash is not null
    on conflict (user_id, familiar) do update set failures = f.failures + 1
    where f.failures < %(most)s
    returning user_id, failures
)
select {USER_COLUMNS}, counted.failures, known.closed_at
from users
left join counted on counted.user_id = users.id
left join password_failures known on known.user_id = users.id and known.familiar = %(familiar)s
where users.{{key}} = %(value)s
"""  # noqa: S608
_BY_EMAIL, _BY_ID = _COUNT.format(key="email_key"), _COUNT.format(key="id")

_TAKE_BACK = f"""
update password_failures set failures = failures - 1 from {_SOON}
where user_id = %(user_id)s and familiar = %(familiar)s and failures > 0 and closed_at is null
"""  # noqa: S608


class PostgresPasswordAttempts:
    """``PasswordAttempts``: each by itself on a connection of its own.

    An attempt that is part of a transaction would not be counted if that is rolled back. One whose
    connection dies is counted again on another, at worst twice.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_email(self, email: EmailAddress, /, *, familiar: bool) -> PasswordAttempt | None:
        """By the unique key."""
        return await self._count(_BY_EMAIL, email.key, familiar=familiar)

    async def by_id(self, user_id: UserId, /, *, familiar: bool) -> PasswordAttempt | None:
        """By the primary key."""
        return await self._count(_BY_ID, user_id, familiar=familiar)

    async def take_back(self, attempt: PasswordAttempt | None, /) -> None:
        """One less, where this one was counted."""
        counted = attempt is not None and attempt.password_hash is not None
        user_id = attempt.user.id if attempt and counted else _NOBODY
        familiar = attempt is not None and attempt.familiar
        with translated_errors():
            await on_living_connection(
                self._pool,
                lambda connection: connection.execute(
                    _TAKE_BACK, {"user_id": user_id, "familiar": familiar}
                ),
            )

    async def _count(
        self, query: str, value: str | UserId, *, familiar: bool
    ) -> PasswordAttempt | None:
        most = most_failures(familiar=familiar)

        async def count(connection: Connection) -> tuple[Any, ...] | None:
            async with connection.cursor(binary=True) as cursor:
                await cursor.execute(query, {"value": value, "familiar": familiar, "most": most})
                return await cursor.fetchone()

        try:
            with translated_errors():
                row = await on_living_connection(self._pool, count)
        except psycopg.errors.ForeignKeyViolation as error:
            if constraint_of(error) != "password_failures_user_id_fkey":
                raise
            return None  # erased this very moment
        if row is None:
            return None
        user, (failures, closed_at) = user_of(row), row[-2:]
        last = failures is None or failures >= most
        return PasswordAttempt(
            user=user,
            familiar=familiar,
            password_hash=user.password_hash if failures is not None else None,
            closing=user.password_hash is not None and last and closed_at is None,
        )


class PostgresPasswordFailures:
    """``PasswordFailures`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def forgive(self, user_id: UserId, /) -> None:
        """Delete what was counted."""
        await self._connection.execute(
            "delete from password_failures where user_id = %s", [user_id]
        )

    async def close(self, user_id: UserId, now: datetime, /, *, familiar: bool) -> bool:
        """Set the time, once."""
        cursor = await self._connection.execute(
            """
            update password_failures set closed_at = %s
            where user_id = %s and familiar = %s and failures >= %s and closed_at is null
            """,
            [now, user_id, familiar, most_failures(familiar=familiar)],
        )
        return cursor.rowcount == 1
