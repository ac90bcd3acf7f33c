"""Links that are sent to an address, and forgotten passwords, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from adapters.postgres.pool import Connection, Pool, fetch_all
from application.accounts.link_ports import ResetRequest
from domain.accounts.email_address import EmailAddress
from domain.accounts.links import Link, LinkPurpose
from domain.shared.ids import UserId

_LINK = "l.user_id, l.purpose, l.email, l.email_key, l.created_at, l.expires_at"

# The user is locked before the link, as everybody does who makes or voids links.
_USE = f"""
with owner as materialized (
    select u.id from users u
    where u.id = (select user_id from one_time_links where token_hash = %(digest)s)
    for update
)
update one_time_links l set used_at = %(now)s from owner
where l.token_hash = %(digest)s and l.user_id = owner.id and l.purpose = %(purpose)s
  and l.used_at is null and l.expires_at > %(now)s
returning {_LINK}
"""  # noqa: S608 - a list of columns of our own
_FIND = f"""
select {_LINK} from one_time_links l
where l.token_hash = %(digest)s and l.purpose = %(purpose)s
  and l.used_at is null and l.expires_at > %(now)s
"""  # noqa: S608 - a list of columns of our own


def _link(row: Sequence[Any]) -> Link:
    return Link(
        user_id=row[0],
        purpose=LinkPurpose(row[1]),
        email=EmailAddress(text=row[2], key=row[3]),
        issued_at=row[4],
        expires_at=row[5],
    )


class PostgresLinkRepository:
    """``LinkRepository`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def issue(self, link: Link, digest: bytes, /) -> None:
        """Delete, then insert; the lock on the user keeps others away."""
        await self._connection.execute(
            """
            delete from one_time_links
            where user_id = %s and purpose = %s and purpose <> 'undo_email_change'
            """,
            [link.user_id, link.purpose],
        )
        await self._connection.execute(
            """
            insert into one_time_links (token_hash, user_id, purpose, email, email_key,
                                        created_at, expires_at)
            values (%s, %s, %s, %s, %s, %s, %s)
            """,
            [
                digest,
                link.user_id,
                link.purpose,
                link.email.text,
                link.email.key,
                link.issued_at,
                link.expires_at,
            ],
        )

    async def use(self, digest: bytes, purpose: LinkPurpose, now: datetime, /) -> Link | None:
        """Set ``used_at`` once."""
        cursor = await self._connection.execute(
            _USE, {"digest": digest, "purpose": purpose, "now": now}
        )
        row = await cursor.fetchone()
        return _link(row) if row else None

    async def void(self, user_id: UserId, /) -> None:
        """Delete."""
        await self._connection.execute(
            "delete from one_time_links where user_id = %s and purpose <> 'undo_email_change'",
            [user_id],
        )

    async def void_undo_since(self, user_id: UserId, issued_at: datetime, /) -> None:
        """Delete."""
        await self._connection.execute(
            """
            delete from one_time_links
            where user_id = %s and purpose = 'undo_email_change' and created_at > %s
            """,
            [user_id, issued_at],
        )

    async def reserved(
        self, email: EmailAddress, now: datetime, /, *, apart_from: UserId | None = None
    ) -> bool:
        """By the index on such addresses."""
        cursor = await self._connection.execute(
            """
            select from one_time_links
            where email_key = %s and purpose = 'undo_email_change' and used_at is null
              and expires_at > %s and user_id is distinct from %s
            limit 1
            """,
            [email.key, now, apart_from],
        )
        return cursor.rowcount > 0

    async def forget(self, expired_before: datetime, /) -> int:
        """Delete by the index on ``expires_at``."""
        cursor = await self._connection.execute(
            "delete from one_time_links where expires_at < %s", [expired_before]
        )
        return cursor.rowcount


class PostgresLinkDirectory:
    """``LinkDirectory``: single reads outside any transaction."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find(self, digest: bytes, purpose: LinkPurpose, now: datetime, /) -> Link | None:
        """One indexed read."""
        parameters = {"digest": digest, "purpose": purpose, "now": now}
        rows = await fetch_all(self._pool, _FIND, parameters)
        return _link(rows[0]) if rows else None


class PostgresResetRequestQueue:
    """``ResetRequestQueue`` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def append(self, request: ResetRequest, /) -> None:
        """Insert."""
        await self._connection.execute(
            """
            insert into password_reset_requests (email, email_key, place, muted, requested_at)
            values (%s, %s, %s, %s, %s)
            """,
            [
                request.email.text,
                request.email.key,
                request.place,
                request.muted,
                request.requested_at,
            ],
        )

    async def take(self) -> ResetRequest | None:
        """Delete the first that is not locked."""
        cursor = await self._connection.execute(
            """
            delete from password_reset_requests where id = (
                select id from password_reset_requests order by id limit 1 for update skip locked
            )
            returning email, email_key, place, muted, requested_at
            """
        )
        row = await cursor.fetchone()
        if row is None:
            return None
        return ResetRequest(
            email=EmailAddress(text=row[0], key=row[1]),
            place=row[2],
            muted=row[3],
            requested_at=row[4],
        )
