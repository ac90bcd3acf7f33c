"""Second factors, recovery codes and administrators' codes in PostgreSQL."""

from datetime import datetime

from adapters.postgres.pool import Connection
from application.accounts.second_factors import Totp
from domain.shared.ids import UserId


class PostgresTotpRepository:
    """``TotpRepository`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def start(self, user_id: UserId, secret_sealed: bytes, now: datetime, /) -> bool:
        """Insert, or replace one that waits."""
        cursor = await self._connection.execute(
            """
            insert into user_totp (user_id, secret_sealed, created_at) values (%s, %s, %s)
            on conflict (user_id) do update
            set secret_sealed = excluded.secret_sealed, created_at = excluded.created_at,
                last_used_step = 0
            where user_totp.confirmed_at is null
            """,
            [user_id, secret_sealed, now],
        )
        return cursor.rowcount == 1

    async def find(self, user_id: UserId, /) -> Totp | None:
        """One row at most."""
        cursor = await self._connection.execute(
            """
            select secret_sealed, created_at, confirmed_at is not null
            from user_totp where user_id = %s
            """,
            [user_id],
        )
        row = await cursor.fetchone()
        return Totp(secret_sealed=row[0], created_at=row[1], confirmed=row[2]) if row else None

    async def confirm(self, user_id: UserId, step: int, now: datetime, /) -> bool:
        """Set ``confirmed_at`` once."""
        cursor = await self._connection.execute(
            """
            update user_totp set confirmed_at = %s, last_used_step = %s
            where user_id = %s and confirmed_at is null
            """,
            [now, step, user_id],
        )
        return cursor.rowcount == 1

    async def use(self, user_id: UserId, step: int, /) -> bool:
        """Move the last used step forward, and only forward."""
        cursor = await self._connection.execute(
            """
            update user_totp set last_used_step = %(step)s
            where user_id = %(user_id)s and confirmed_at is not null and last_used_step < %(step)s
            """,
            {"user_id": user_id, "step": step},
        )
        return cursor.rowcount == 1

    async def remove(self, user_id: UserId, /) -> bool:
        """Delete."""
        cursor = await self._connection.execute(
            "delete from user_totp where user_id = %s returning confirmed_at is not null", [user_id]
        )
        row = await cursor.fetchone()
        return bool(row and row[0])


class PostgresRecoveryCodeRepository:
    """``RecoveryCodeRepository`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def replace(self, user_id: UserId, digests: list[bytes], now: datetime, /) -> None:
        """Delete the old ones, insert the new ones."""
        await self._connection.execute("delete from recovery_codes where user_id = %s", [user_id])
        await self._connection.execute(
            """
            insert into recovery_codes (code_hash, user_id, created_at)
            select digest, %s, %s from unnest(%s::bytea[]) digest
            """,
            [user_id, now, digests],
        )

    async def use(self, user_id: UserId, digest: bytes, now: datetime, /) -> bool:
        """Set ``used_at`` once."""
        cursor = await self._connection.execute(
            """
            update recovery_codes set used_at = %s
            where code_hash = %s and user_id = %s and used_at is null
            """,
            [now, digest, user_id],
        )
        return cursor.rowcount == 1

    async def remaining(self, user_id: UserId, /) -> int:
        """Count those without ``used_at``."""
        cursor = await self._connection.execute(
            "select count(*) from recovery_codes where user_id = %s and used_at is null", [user_id]
        )
        row = await cursor.fetchone()
        return int(row[0]) if row else 0


class PostgresAdminCodeRepository:
    """``AdminCodeRepository`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, digest: bytes, now: datetime, expires_at: datetime, /) -> None:
        """Insert."""
        await self._connection.execute(
            "insert into admin_codes (code_hash, created_at, expires_at) values (%s, %s, %s)",
            [digest, now, expires_at],
        )

    async def use(self, digest: bytes, user_id: UserId, now: datetime, /) -> bool:
        """Set ``used_at`` once."""
        cursor = await self._connection.execute(
            """
            update admin_codes set used_at = %(now)s, used_by = %(user_id)s
            where code_hash = %(digest)s and used_at is null and expires_at > %(now)s
            """,
            {"digest": digest, "user_id": user_id, "now": now},
        )
        return cursor.rowcount == 1
