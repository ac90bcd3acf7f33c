"""Messages that wait to be sent, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

import msgspec

from adapters.postgres.errors import translated_errors
from adapters.postgres.pool import Connection, Pool
from application.notifications.ports import ClaimedMail
from application.shared.ports import SecretBox
from domain.shared.errors import UnreadableSecretError
from domain.shared.ids import MailId
from domain.shared.mail import Mail


def mail_place(mail_id: MailId) -> str:
    """Where a message is kept, which its encryption is bound to."""
    return f"outgoing_mails/{mail_id}/content"


class PostgresMailQueue:
    """``MailQueue`` inside one transaction."""

    def __init__(self, connection: Connection, box: SecretBox) -> None:
        self._connection = connection
        self._box = box

    async def append(self, mail: Mail, now: datetime, /) -> None:
        """Seal and insert."""
        await self._connection.execute(
            """
            insert into outgoing_mails (id, user_id, content_sealed, created_at, due_at)
            values (%s, %s, %s, %s, %s)
            """,
            [
                mail.id,
                mail.user_id,
                self._box.seal(msgspec.json.encode(mail), mail_place(mail.id)),
                now,
                now,
            ],
        )


class PostgresMailDispatch:
    """``MailDispatch``: a claim moves a message's due time to the end of its lease."""

    def __init__(self, pool: Pool, box: SecretBox) -> None:
        self._pool = pool
        self._box = box

    async def claim(self, limit: int, now: datetime, until: datetime, /) -> Sequence[ClaimedMail]:
        """One statement."""
        with translated_errors():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(
                    """
                    with due as materialized (
                        select id from outgoing_mails where due_at <= %(now)s
                        order by due_at limit %(limit)s for update skip locked
                    )
                    update outgoing_mails m set due_at = %(until)s, attempts = m.attempts + 1
                    from due where m.id = due.id
                    returning m.id, m.content_sealed, m.created_at, m.attempts
                    """,
                    {"limit": limit, "now": now, "until": until},
                )
                rows = await cursor.fetchall()
        claimed = [
            ClaimedMail(id=row[0], mail=self._open(*row[:2]), queued_at=row[2], attempt=row[3])
            for row in rows
        ]
        return sorted(claimed, key=lambda each: (each.queued_at, each.id))

    async def remove(self, mail_id: MailId, /) -> None:
        """Delete."""
        await self._execute("delete from outgoing_mails where id = %s", [mail_id])

    async def postpone(self, claimed: ClaimedMail, due_at: datetime, /) -> None:
        """Set the due time if the attempt is still the last one."""
        await self._execute(
            "update outgoing_mails set due_at = %s where id = %s and attempts = %s",
            [due_at, claimed.id, claimed.attempt],
        )

    def _open(self, mail_id: MailId, sealed: bytes) -> Mail | None:
        try:
            return msgspec.json.decode(self._box.open(sealed, mail_place(mail_id)), type=Mail)
        except (UnreadableSecretError, msgspec.DecodeError):
            return None

    async def _execute(self, statement: LiteralString, parameters: Sequence[object]) -> None:
        with translated_errors():
            async with self._pool.connection() as connection:
                await connection.execute(statement, parameters)
