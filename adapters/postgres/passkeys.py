"""Passkeys and the challenges for them in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from adapters.postgres.pool import Connection, Pool, fetch_all
from application.accounts.passkeys import ChallengePurpose, PasskeySummary
from domain.accounts.errors import (
    PasskeyAlreadyRegisteredError,
    PasskeyNotFoundError,
    TooManyPasskeysError,
)
from domain.accounts.passkey import MAX_PASSKEYS, Passkey, PublicKey
from domain.shared.ids import PasskeyId, UserId

# Every new challenge sweeps out a few that nobody can answer any more, so none pile up.
_SWEPT = 20
_COLUMNS = """
id, user_id, credential_id, public_key, sign_count, backup_eligible, backed_up, transports, name,
created_at, last_used_at, suspected_at
"""


def _passkey(row: Sequence[Any]) -> Passkey:
    return Passkey(
        id=row[0],
        user_id=row[1],
        key=PublicKey(
            credential_id=row[2],
            public_key=row[3],
            sign_count=row[4],
            backup_eligible=row[5],
            backed_up=row[6],
        ),
        transports=tuple(row[7]),
        name=row[8],
        created_at=row[9],
        last_used_at=row[10],
        suspected_at=row[11],
    )


class PostgresPasskeyChallengeRepository:
    """``PasskeyChallengeRepository`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(
        self,
        digest: bytes,
        purpose: ChallengePurpose,
        user_id: UserId | None,
        now: datetime,
        /,
        *,
        expires_at: datetime,
    ) -> None:
        """Insert, and delete some that have expired."""
        await self._connection.execute(
            """
            with swept as (
                delete from passkey_challenges where digest in (
                    select digest from passkey_challenges where expires_at <= %(now)s
                    order by expires_at limit %(swept)s for update skip locked
                )
            )
            insert into passkey_challenges (digest, purpose, user_id, created_at, expires_at)
            values (%(digest)s, %(purpose)s, %(user_id)s, %(now)s, %(expires_at)s)
            """,
            {
                "digest": digest,
                "purpose": purpose,
                "user_id": user_id,
                "now": now,
                "expires_at": expires_at,
                "swept": _SWEPT,
            },
        )

    async def use(
        self,
        digest: bytes,
        purpose: ChallengePurpose,
        user_id: UserId | None,
        now: datetime,
        /,
    ) -> bool:
        """Set ``used_at`` once."""
        cursor = await self._connection.execute(
            """
            update passkey_challenges set used_at = %(now)s
            where digest = %(digest)s and purpose = %(purpose)s
              and user_id is not distinct from %(user_id)s
              and used_at is null and expires_at > %(now)s
            """,
            {"digest": digest, "purpose": purpose, "user_id": user_id, "now": now},
        )
        return cursor.rowcount == 1


class PostgresPasskeyRepository:
    """``PasskeyRepository`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, passkey: Passkey, /) -> None:
        """Lock the owner, count in a statement after that, insert unless it is there."""
        await self._connection.execute(
            "select from users where id = %s for update", [passkey.user_id]
        )
        cursor = await self._connection.execute(
            "select from user_passkeys where user_id = %s", [passkey.user_id]
        )
        if cursor.rowcount >= MAX_PASSKEYS:
            raise TooManyPasskeysError("Remove one that you do not use any more.")
        cursor = await self._connection.execute(
            """
            insert into user_passkeys (id, user_id, credential_id, public_key, sign_count,
                                       backup_eligible, backed_up, transports, name, created_at)
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            on conflict (credential_id) do nothing
            """,
            [
                passkey.id,
                passkey.user_id,
                passkey.key.credential_id,
                passkey.key.public_key,
                passkey.key.sign_count,
                passkey.key.backup_eligible,
                passkey.key.backed_up,
                list(passkey.transports),
                passkey.name,
                passkey.created_at,
            ],
        )
        if cursor.rowcount == 0:
            raise PasskeyAlreadyRegisteredError("Sign in with it, or take another one.")

    async def all_of(self, user_id: UserId, /) -> list[Passkey]:
        """Select, oldest first."""
        cursor = await self._connection.execute(
            f"select {_COLUMNS} from user_passkeys where user_id = %s order by created_at, id",  # noqa: S608
            [user_id],
        )
        return [_passkey(row) for row in await cursor.fetchall()]

    async def find(self, user_id: UserId, credential_id: bytes, /) -> Passkey | None:
        """Select by the unique credential id, and only this person's."""
        cursor = await self._connection.execute(
            f"select {_COLUMNS} from user_passkeys where credential_id = %s and user_id = %s",  # noqa: S608
            [credential_id, user_id],
        )
        row = await cursor.fetchone()
        return _passkey(row) if row else None

    async def use(
        self,
        passkey_id: PasskeyId,
        sign_count: int,
        now: datetime,
        /,
        *,
        backed_up: bool,
    ) -> bool:
        """Move the counter forward, and only forward."""
        cursor = await self._connection.execute(
            """
            update user_passkeys
            set sign_count = %(count)s, backed_up = %(backed_up)s, last_used_at = %(now)s
            where id = %(id)s and suspected_at is null
              and (sign_count < %(count)s or (sign_count = 0 and %(count)s = 0))
            """,
            {"id": passkey_id, "count": sign_count, "backed_up": backed_up, "now": now},
        )
        return cursor.rowcount == 1

    async def suspect(self, passkey_id: PasskeyId, now: datetime, /) -> bool:
        """Set ``suspected_at`` once."""
        cursor = await self._connection.execute(
            "update user_passkeys set suspected_at = %s where id = %s and suspected_at is null",
            [now, passkey_id],
        )
        return cursor.rowcount == 1

    async def rename(self, user_id: UserId, passkey_id: PasskeyId, name: str, /) -> Passkey:
        """Update this person's."""
        cursor = await self._connection.execute(
            f"update user_passkeys set name = %s where id = %s and user_id = %s returning {_COLUMNS}",  # noqa: S608, E501
            [name, passkey_id, user_id],
        )
        return _found(await cursor.fetchone())

    async def remove(self, user_id: UserId, passkey_id: PasskeyId, /) -> Passkey:
        """Delete this person's."""
        cursor = await self._connection.execute(
            f"delete from user_passkeys where id = %s and user_id = %s returning {_COLUMNS}",  # noqa: S608
            [passkey_id, user_id],
        )
        return _found(await cursor.fetchone())


def _found(row: Sequence[Any] | None) -> Passkey:
    if row is None:
        raise PasskeyNotFoundError("It may have been removed.")
    return _passkey(row)


class PostgresPasskeyReader:
    """``PasskeyReader``: one statement outside any transaction."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def list(self, user_id: UserId, /) -> list[PasskeySummary]:
        """Without the keys."""
        rows = await fetch_all(
            self._pool,
            """
            select id, name, transports, backed_up, created_at, last_used_at, suspected_at
            from user_passkeys where user_id = %(user_id)s order by created_at, id
            """,
            {"user_id": user_id},
        )
        return [
            PasskeySummary(
                id=row[0],
                name=row[1],
                transports=tuple(row[2]),
                backed_up=row[3],
                created_at=row[4],
                last_used_at=row[5],
                suspected_at=row[6],
            )
            for row in rows
        ]
