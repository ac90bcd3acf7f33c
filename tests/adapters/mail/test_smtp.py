"""Messages by SMTP, to a real server on loopback."""

import asyncio
import socket
import ssl
from collections.abc import Iterator

import msgspec
import pytest

from adapters.mail.message import MessageWriter
from adapters.mail.smtp import SmtpMailSender, SmtpServer
from application.notifications.ports import MailNotSentError
from domain.shared.mail import MailKind
from tests.builders.accounts import NOW
from tests.builders.mails import TOKEN, a_mail
from tests.sink import Sink, smtp_sink

pytestmark = pytest.mark.anyio


def sender_to(sink: Sink, writer: MessageWriter) -> SmtpMailSender:
    """As the container makes it, with less patience."""
    return SmtpMailSender(SmtpServer.parse(sink.url), writer, seconds=5)


async def test_a_message_arrives_with_what_it_needs(sink: Sink, writer: MessageWriter) -> None:
    mail = a_mail()
    await sender_to(sink, writer)(mail, NOW)
    (message,) = sink.messages
    assert sink.recipients == ["ada@example.org"]
    assert message["From"] == "No Drake <no-reply@music.example.org>"
    assert message["Message-ID"] == f"<{mail.id}@music.example.org>"
    assert message["Date"] == "Sat, 31 Jan 2026 12:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        assert f"https://music.example.org/verify-email#token={TOKEN}" in part.get_content()


async def test_the_same_message_sent_again_has_the_same_id(
    sink: Sink, writer: MessageWriter
) -> None:
    mail, sender = a_mail(), sender_to(sink, writer)
    await sender(mail, NOW)
    await sender(mail, NOW)
    assert len({message["Message-ID"] for message in sink.messages}) == 1


@pytest.mark.parametrize(
    "to",
    [
        "ada@example.org\r\nBcc: eve@example.org",
        "ada@example.org\nSubject: hello",
        "ada@example.org\r\n\r\nhello",
        "ada\0@example.org",
        "ada@example.org, eve@example.org",
        "ada@exa mple.org",
        "",
    ],
)
async def test_a_line_break_in_an_address_reaches_no_header(
    sink: Sink, writer: MessageWriter, to: str
) -> None:
    with pytest.raises(MailNotSentError) as refusal:
        await sender_to(sink, writer)(a_mail(to=to), NOW)
    assert refusal.value.final
    assert sink.raw == []


async def test_a_line_break_in_a_value_stays_in_the_body(sink: Sink, writer: MessageWriter) -> None:
    mail = a_mail(MailKind.PASSKEY_ADDED, name="phone\r\nBcc: eve@example.org\r\n.\r\n")
    await sender_to(sink, writer)(mail, NOW)
    (message,) = sink.messages
    assert message["Bcc"] is None
    assert sink.recipients == ["ada@example.org"]


async def test_addresses_of_other_scripts_arrive(sink: Sink, writer: MessageWriter) -> None:
    await sender_to(sink, writer)(a_mail(to="ada@bücher.example"), NOW)
    assert sink.recipients == ["ada@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    ("answer", "reason", "final"),
    [
        ("550 ada@example.org is unknown", "recipient_550", True),
        ("450 ada@example.org later", "recipient_450", False),
    ],
)
async def test_a_refused_address_is_told_without_the_address(
    sink: Sink, writer: MessageWriter, answer: str, reason: str, final: bool
) -> None:
    sink.refuse_recipient = answer
    with pytest.raises(MailNotSentError) as refusal:
        await sender_to(sink, writer)(a_mail(), NOW)
    assert (refusal.value.reason, refusal.value.final) == (reason, final)
    assert "ada" not in str(refusal.value)


async def test_a_refused_message_is_told_without_its_content(
    sink: Sink, writer: MessageWriter
) -> None:
    sink.refuse_content = "451 try later ada@example.org"
    with pytest.raises(MailNotSentError) as refusal:
        await sender_to(sink, writer)(a_mail(), NOW)
    assert (refusal.value.reason, refusal.value.final) == ("content_451", False)


async def test_nobody_listening_is_told_at_once(writer: MessageWriter) -> None:
    server = SmtpServer.parse("smtp://127.0.0.1:1")
    with pytest.raises(MailNotSentError) as refusal:
        await SmtpMailSender(server, writer)(a_mail(), NOW)
    assert not refusal.value.final


@pytest.fixture
def frozen() -> Iterator[int]:
    """A server that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


async def test_a_frozen_server_is_left_after_a_bounded_time(
    frozen: int, writer: MessageWriter
) -> None:
    server = SmtpServer.parse(f"smtp://127.0.0.1:{frozen}")
    async with asyncio.timeout(10):
        with pytest.raises(MailNotSentError):
            await SmtpMailSender(server, writer, seconds=0.3)(a_mail(), NOW)


async def test_a_server_that_is_slow_at_every_step_is_left_as_well(
    sink: Sink, writer: MessageWriter
) -> None:
    sink.pause = 0.7
    with pytest.raises(MailNotSentError):
        await SmtpMailSender(SmtpServer.parse(sink.url), writer, seconds=1)(a_mail(), NOW)


@pytest.mark.parametrize("url", ["smtp://mail.example.org", "smtp://192.0.2.1:587"])
def test_the_way_to_another_machine_has_tls(url: str) -> None:
    assert SmtpServer.parse(url).starttls
    assert not SmtpServer.parse(url.replace("smtp:", "smtps:")).starttls
    assert SmtpServer.parse(url.replace("smtp:", "smtps:")).implicit_tls


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_the_way_within_this_machine_needs_none(host: str) -> None:
    assert not SmtpServer.parse(f"smtp://{host}:25").starttls


async def test_a_server_without_starttls_gets_nothing_where_it_is_required(
    sink: Sink, writer: MessageWriter
) -> None:
    server = msgspec.structs.replace(SmtpServer.parse(sink.url), starttls=True)
    with pytest.raises(MailNotSentError):
        await SmtpMailSender(server, writer, seconds=5)(a_mail(), NOW)
    assert sink.raw == []


async def test_a_certificate_that_nobody_vouches_for_gets_nothing(
    writer: MessageWriter, own_certificate: ssl.SSLContext
) -> None:
    with smtp_sink(tls_context=own_certificate) as sink:
        server = msgspec.structs.replace(SmtpServer.parse(sink.url), starttls=True)
        with pytest.raises(MailNotSentError):
            await SmtpMailSender(server, writer, seconds=5)(a_mail(), NOW)
        assert sink.raw == []


def test_a_server_shows_no_password() -> None:
    server = SmtpServer.parse("smtps://ada:s%40cret@mail.example.org")
    assert (server.user, server.password, server.port) == ("ada", "s@cret", 465)
    assert "cret" not in repr(server)
