"""Messages that wait to be sent, in PostgreSQL."""

from datetime import datetime

import msgspec

from adapters.postgres.pool import Connection
from application.shared.ports import SecretBox
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
