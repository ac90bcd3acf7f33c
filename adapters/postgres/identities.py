"""Identities at providers in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg

from adapters.postgres.errors import constraint_of
from adapters.postgres.pool import Connection, Pool, fetch_all
from domain.accounts.identity import Identity
from domain.accounts.provider_errors import IdentityAlreadyLinkedError
from domain.shared.ids import IdentityId, UserId

_SELECT = """
select id, user_id, provider, issuer, subject, email, created_at, last_used_at
from user_identities
"""
_INSERT = """
insert into user_identities
    (id, user_id, provider, issuer, subject, email, created_at, last_used_at)
values (%s, %s, %s, %s, %s, %s, %s, %s)
"""
_REMOVE = """
delete from user_identities where user_id = %(user_id)s and {which}
returning id, user_id, provider, issuer, subject, email, created_at, last_used_at
"""


def _identity(row: Sequence[Any]) -> Identity:
    return Identity(
        id=row[0],
        user_id=row[1],
        provider=row[2],
        issuer=row[3],
        subject=row[4],
        email=row[5],
        created_at=row[6],
        last_used_at=row[7],
    )


class PostgresIdentityRepository:
    """``IdentityRepository`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, identity: Identity, /) -> None:
        """Insert; the unique key decides who of several is first."""
        try:
            await self._connection.execute(
                _INSERT,
                [
                    identity.id,
                    identity.user_id,
                    identity.provider,
                    identity.issuer,
                    identity.subject,
                    identity.email,
                    identity.created_at,
                    identity.last_used_at,
                ],
            )
        except psycopg.errors.UniqueViolation as error:
            if constraint_of(error) != "user_identities_issuer_subject_unique":
                raise
            raise IdentityAlreadyLinkedError("Unlink it there first.") from error

    async def find(self, issuer: str, subject: str, /) -> Identity | None:
        """One row at most."""
        cursor = await self._connection.execute(
            _SELECT + "where issuer = %s and subject = %s",
            [issuer, subject],
        )
        row = await cursor.fetchone()
        return _identity(row) if row else None

    async def use(self, issuer: str, subject: str, user_id: UserId, now: datetime, /) -> bool:
        """Set ``last_used_at``."""
        cursor = await self._connection.execute(
            """
            update user_identities set last_used_at = %s
            where issuer = %s and subject = %s and user_id = %s
            """,
            [now, issuer, subject, user_id],
        )
        return cursor.rowcount == 1

    async def count(self, user_id: UserId, /) -> int:
        """Count."""
        cursor = await self._connection.execute(
            "select count(*) from user_identities where user_id = %s", [user_id]
        )
        row = await cursor.fetchone()
        return int(row[0]) if row else 0

    async def remove(self, user_id: UserId, identity_id: IdentityId, /) -> Identity | None:
        """Delete one."""
        cursor = await self._connection.execute(
            _REMOVE.format(which="id = %(id)s").encode(), {"user_id": user_id, "id": identity_id}
        )
        row = await cursor.fetchone()
        return _identity(row) if row else None

    async def remove_since(self, user_id: UserId, since: datetime, /) -> list[Identity]:
        """Delete what is not older."""
        cursor = await self._connection.execute(
            _REMOVE.format(which="created_at >= %(since)s").encode(),
            {"user_id": user_id, "since": since},
        )
        return [_identity(row) for row in await cursor.fetchall()]


class PostgresIdentityReader:
    """``IdentityReader``: single reads outside any transaction."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def all_of(self, user_id: UserId, /) -> list[Identity]:
        """One indexed read."""
        rows = await fetch_all(
            self._pool,
            _SELECT + "where user_id = %(user_id)s order by created_at, id",
            {"user_id": user_id},
        )
        return [_identity(row) for row in rows]
