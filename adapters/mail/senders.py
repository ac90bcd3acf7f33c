"""Which way messages go."""

from pathlib import Path

from adapters.mail.folder import FolderMailSender
from adapters.mail.message import MessageWriter
from adapters.mail.smtp import SmtpMailSender, SmtpServer
from application.notifications.ports import MailSender


def create_sender(url: str, writer: MessageWriter) -> MailSender:
    """A sender for ``smtp://…``, ``smtps://…`` or ``folder:PATH``."""
    scheme, _, path = url.partition(":")
    if scheme == "folder":
        return FolderMailSender(Path(path), writer)
    return SmtpMailSender(SmtpServer.parse(url), writer)
