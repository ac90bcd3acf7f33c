"""Ways to a provider and back, in PostgreSQL."""

from datetime import datetime, timedelta
from typing import Any

from adapters.postgres.pool import Connection
from application.accounts.sign_in_attempts import Purpose, SignInAttempt, UsedAttempt
from domain.accounts.identity import CODE_LIFETIME, SECOND_FACTOR_LIFETIME
from domain.shared.ids import SignInAttemptId

_INSERT = """
insert into sign_in_attempts
    (id, state_hash, browser_hash, provider, purpose, user_id, session_id, return_to,
     secrets_sealed, created_at, expires_at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_CLAIM = """
update sign_in_attempts set used_at = %(now)s
where state_hash = %(state)s and browser_hash = %(browser)s
  and provider = %(provider)s and used_at is null and expires_at > %(now)s
returning id, state_hash, browser_hash, provider, purpose, user_id, session_id, return_to,
          secrets_sealed, created_at, expires_at
"""
# An exchange that has not ended by then never will: its process is gone.
_EXCHANGE = timedelta(seconds=30)


class PostgresSignInAttemptRepository:
    """``SignInAttemptRepository`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, attempt: SignInAttempt, /) -> None:
        """Insert."""
        await self._connection.execute(
            _INSERT,
            [
                attempt.id,
                attempt.state_digest,
                attempt.browser_digest,
                attempt.provider,
                attempt.purpose,
                attempt.user_id,
                attempt.session_id,
                attempt.return_to,
                attempt.secrets_sealed,
                attempt.created_at,
                attempt.expires_at,
            ],
        )

    async def claim(
        self, state_digest: bytes, browser_digest: bytes, provider: str, now: datetime, /
    ) -> SignInAttempt | None:
        """Set ``used_at`` once."""
        cursor = await self._connection.execute(
            _CLAIM,
            {"state": state_digest, "browser": browser_digest, "provider": provider, "now": now},
        )
        row = await cursor.fetchone()
        if row is None:
            return None
        return SignInAttempt(
            id=row[0],
            state_digest=row[1],
            browser_digest=row[2],
            provider=row[3],
            purpose=Purpose(row[4]),
            user_id=row[5],
            session_id=row[6],
            return_to=row[7],
            secrets_sealed=row[8],
            created_at=row[9],
            expires_at=row[10],
        )

    async def find_used(
        self, state_digest: bytes, browser_digest: bytes, provider: str, now: datetime, /
    ) -> UsedAttempt | None:
        """One row at most."""
        cursor = await self._connection.execute(
            """
            select id, provider, return_to, outcome_sealed from sign_in_attempts
            where state_hash = %(state)s and browser_hash = %(browser)s
              and provider = %(provider)s and completed_at is null
              and (finished_at > %(code_since)s
                   or finished_at is null and used_at > %(exchange_since)s)
            """,
            {
                "state": state_digest,
                "browser": browser_digest,
                "provider": provider,
                "code_since": now - CODE_LIFETIME,
                "exchange_since": now - _EXCHANGE,
            },
        )
        return _used(await cursor.fetchone())

    async def link_may_end(self, attempt: SignInAttempt, now: datetime, /) -> bool:
        """Look at the session itself, not at what any process remembers of it."""
        cursor = await self._connection.execute(
            """
            select from user_sessions
            where id = %s and user_id = %s and revoked_at is null and expires_at > %s
            """,
            [attempt.session_id, attempt.user_id, now],
        )
        return cursor.rowcount == 1

    async def finish(
        self,
        id: SignInAttemptId,
        outcome_sealed: bytes,
        code_digest: bytes | None,
        now: datetime,
        /,
    ) -> None:
        """Set the outcome."""
        await self._connection.execute(
            """
            update sign_in_attempts set outcome_sealed = %s, code_hash = %s, finished_at = %s
            where id = %s
            """,
            [outcome_sealed, code_digest, now, id],
        )

    async def present(
        self, code_digest: bytes, browser_digest: bytes, now: datetime, /
    ) -> UsedAttempt | None:
        """Set ``presented_at`` the first time."""
        cursor = await self._connection.execute(
            """
            update sign_in_attempts set presented_at = coalesce(presented_at, %(now)s)
            where code_hash = %(code)s and browser_hash = %(browser)s and completed_at is null
              and (finished_at > %(code_since)s
                   or presented_at is not null and finished_at > %(factor_since)s)
            returning id, provider, return_to, outcome_sealed
            """,
            {
                "code": code_digest,
                "browser": browser_digest,
                "now": now,
                "code_since": now - CODE_LIFETIME,
                "factor_since": now - SECOND_FACTOR_LIFETIME,
            },
        )
        return _used(await cursor.fetchone())

    async def complete(self, id: SignInAttemptId, now: datetime, /) -> bool:
        """Set ``completed_at`` once, and forget who it was."""
        cursor = await self._connection.execute(
            """
            update sign_in_attempts set completed_at = %s, outcome_sealed = null
            where id = %s and completed_at is null
            """,
            [now, id],
        )
        return cursor.rowcount == 1


def _used(row: tuple[Any, ...] | None) -> UsedAttempt | None:
    if row is None:
        return None
    return UsedAttempt(id=row[0], provider=row[1], return_to=row[2], outcome_sealed=row[3])
