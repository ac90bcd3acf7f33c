"""Sessions and their refresh tokens in PostgreSQL."""

from datetime import datetime

from adapters.postgres.pool import Connection, Pool, fetch_all
from application.accounts.list_sessions import OpenSessionRow
from application.accounts.ports import RefreshToken, Rotation, RotationOutcome
from domain.accounts.principal import SignInMethod
from domain.accounts.session import MAX_SESSIONS, RETRY_GRACE, Session
from domain.shared.ids import SessionId, UserId

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


class PostgresSessionRepository:
    """``SessionRepository`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def open(
        self, session: Session, token: RefreshToken, /, *, token_expires_at: datetime
    ) -> None:
        """Insert the session and its first token; then end whatever is one too many."""
        await self._connection.execute(
            """
            with session as (
                insert into user_sessions (id, user_id, created_at, last_used_at, expires_at,
                                           ip_address, user_agent, authenticated_at, methods,
                                           notice)
                values (%(id)s, %(user_id)s, %(now)s, %(now)s, %(expires_at)s, %(address)s,
                        %(user_agent)s, %(now)s, %(methods)s, %(notice)s)
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
                "methods": [str(method) for method in session.methods],
                "notice": session.notice,
                "token": token.digest,
                "token_expires_at": token_expires_at,
            },
        )
        await self._connection.execute(
            """
            update user_sessions set revoked_at = %(now)s
            where id in (
                select id from user_sessions
                where user_id = %(user_id)s and revoked_at is null and expires_at > %(now)s
                order by last_used_at desc, id desc offset %(most)s
            )
            """,
            {"user_id": session.user_id, "now": session.created_at, "most": MAX_SESSIONS},
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

    async def revoke(self, user_id: UserId, session_id: SessionId, now: datetime, /) -> bool:
        """Set ``revoked_at`` once."""
        cursor = await self._connection.execute(
            """
            update user_sessions set revoked_at = %s
            where id = %s and user_id = %s and revoked_at is null
            """,
            [now, session_id, user_id],
        )
        return cursor.rowcount == 1

    async def revoke_all(
        self, user_id: UserId, now: datetime, /, *, keep: SessionId | None = None
    ) -> list[SessionId]:
        """Set ``revoked_at`` on all that have none."""
        cursor = await self._connection.execute(
            """
            update user_sessions set revoked_at = %s
            where user_id = %s and revoked_at is null and id is distinct from %s
            returning id
            """,
            [now, user_id, keep],
        )
        return [row[0] for row in await cursor.fetchall()]

    async def revoke_everybodys(self, now: datetime, /) -> int:
        """Set ``revoked_at`` wherever there is none."""
        cursor = await self._connection.execute(
            "update user_sessions set revoked_at = %s where revoked_at is null and expires_at > %s",
            [now, now],
        )
        return cursor.rowcount

    async def renew(
        self, session_id: SessionId, methods: tuple[SignInMethod, ...], now: datetime, /
    ) -> None:
        """Set when, and how."""
        await self._connection.execute(
            """
            update user_sessions set authenticated_at = %s, methods = %s
            where id = %s and revoked_at is null
            """,
            [now, [str(method) for method in methods], session_id],
        )


class PostgresSessionReader:
    """``SessionReader``: one statement."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def list_open(self, user_id: UserId, now: datetime, /) -> list[OpenSessionRow]:
        """By the index on open sessions."""
        rows = await fetch_all(
            self._pool,
            """
            select id, created_at, last_used_at, expires_at, host(ip_address), user_agent, methods
            from user_sessions
            where user_id = %(user_id)s and revoked_at is null and expires_at > %(now)s
            order by last_used_at desc, id desc limit %(limit)s
            """,
            {"user_id": user_id, "now": now, "limit": MAX_SESSIONS},
        )
        return [
            OpenSessionRow(
                id=row[0],
                created_at=row[1],
                last_used_at=row[2],
                expires_at=row[3],
                address=row[4],
                user_agent=row[5],
                methods=tuple(SignInMethod(method) for method in row[6]),
            )
            for row in rows
        ]
