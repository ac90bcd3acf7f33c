"""Messages to the owner of an account about the account itself."""

from datetime import datetime
from typing import Protocol

from application.shared.ports import MailQueue
from domain.accounts.user import User
from domain.shared.ids import MailId
from domain.shared.mail import Mail, MailKind


class MailingTransaction(Protocol):
    """A transaction that keeps messages."""

    @property
    def mails(self) -> MailQueue:
        """Messages of this transaction."""
        ...


async def notify(
    tx: MailingTransaction,
    user: User,
    kind: MailKind,
    id: MailId,
    now: datetime,
    *,
    to: str | None = None,
    until: datetime | None = None,
    **values: str,
) -> None:
    """Queue a message to ``user``, at another address if one is given, in their language.

    After ``until`` it is not worth sending any more.
    """
    await tx.mails.append(
        Mail(
            id=id,
            user_id=user.id,
            to=to or user.email.text,
            language=user.settings.language,
            kind=kind,
            values=values,
            expires_at=until,
        ),
        now,
    )
