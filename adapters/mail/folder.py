"""Messages as files in a folder, in place of being sent: for development."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import parsedate_to_datetime
from pathlib import Path
from uuid import UUID

from adapters.mail.message import MessageWriter
from application.notifications.ports import MailNotSentError, StoredMail
from domain.shared.ids import MailId
from domain.shared.mail import Mail


class FolderMailSender:
    """``MailSender`` that writes ``<id>.eml``, readable by its owner only."""

    def __init__(self, folder: Path, writer: MessageWriter) -> None:
        self._folder = folder
        self._writer = writer

    async def __call__(self, mail: Mail, queued_at: datetime, /) -> None:
        """Write it under another name first, so that nobody sees half of it."""
        message = self._writer.write(mail, queued_at).as_bytes(policy=SMTP)
        try:
            await asyncio.to_thread(self._write, f"{mail.id}.eml", message)
        except OSError as error:
            raise MailNotSentError(type(error).__name__) from error

    def _write(self, name: str, message: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self._folder / f"{name}.part"
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(message)
        unfinished.rename(self._folder / name)


class EmlFolder:
    """``MailFolder`` of what ``FolderMailSender`` has written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def newest(self, limit: int, /) -> Sequence[StoredMail]:
        """By the ids, which sort by time."""
        return await asyncio.to_thread(self._newest, limit)

    async def find(self, mail_id: MailId, /) -> StoredMail | None:
        """By the id, which is all there is of a path."""
        return await asyncio.to_thread(self._read, self._folder / f"{mail_id}.eml")

    def _newest(self, limit: int) -> Sequence[StoredMail]:
        paths = sorted(self._folder.glob("*-*-*-*-*.eml"), reverse=True)[:limit]
        return [stored for path in paths if (stored := self._read(path))]

    def _read(self, path: Path) -> StoredMail | None:
        try:
            content, mail_id = path.read_bytes(), MailId(UUID(path.stem))
        except (FileNotFoundError, ValueError):
            return None
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        return StoredMail(
            id=mail_id,
            sent_at=parsedate_to_datetime(message["Date"]),
            to=message["To"],
            subject=message["Subject"],
            text=_part(message, "plain"),
            html=_part(message, "html"),
        )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
