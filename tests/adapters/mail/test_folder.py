"""Messages as files."""

from pathlib import Path
from uuid import uuid4

import pytest

from adapters.mail.folder import EmlFolder, FolderMailSender
from adapters.mail.message import MessageWriter
from adapters.mail.senders import create_sender
from adapters.mail.smtp import SmtpMailSender
from application.notifications.ports import MailNotSentError
from domain.shared.ids import MailId
from tests.builders.accounts import NOW
from tests.builders.mails import TOKEN, a_mail

pytestmark = pytest.mark.anyio


async def test_what_was_written_can_be_read_newest_first(
    tmp_path: Path, writer: MessageWriter
) -> None:
    folder = tmp_path / "new" / "mail"
    sender, reader = FolderMailSender(folder, writer), EmlFolder(folder)
    assert await reader.newest(10) == []
    mails = [a_mail(to=f"ada-{number}@example.org") for number in range(3)]
    for mail in mails:
        await sender(mail, NOW)
    newest = await reader.newest(2)
    assert [stored.id for stored in newest] == [mails[2].id, mails[1].id]
    stored = await reader.find(mails[0].id)
    assert stored is not None
    assert (stored.to, stored.sent_at) == ("ada-0@example.org", NOW)
    assert TOKEN in stored.text
    assert "<h1>" in stored.html


async def test_nobody_else_on_the_machine_reads_them(tmp_path: Path, writer: MessageWriter) -> None:
    await FolderMailSender(tmp_path / "mail", writer)(a_mail(), NOW)
    (file,) = (tmp_path / "mail").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


async def test_what_is_not_there_is_nothing(tmp_path: Path) -> None:
    assert await EmlFolder(tmp_path).find(MailId(uuid4())) is None


async def test_a_folder_that_cannot_be_written_to_is_told(
    tmp_path: Path, writer: MessageWriter
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MailNotSentError):
        await FolderMailSender(tmp_path / "file", writer)(a_mail(), NOW)


def test_the_setting_decides_which_way_messages_go(tmp_path: Path, writer: MessageWriter) -> None:
    assert isinstance(create_sender(f"folder:{tmp_path}", writer), FolderMailSender)
    assert isinstance(create_sender("smtps://mail.example.org", writer), SmtpMailSender)
