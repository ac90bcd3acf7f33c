"""Messages by SMTP (RFC 5321, RFC 3207)."""

import asyncio
import ssl
from contextlib import suppress
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

import aiosmtplib
import msgspec

from adapters.mail.message import MessageWriter
from application.notifications.ports import MailNotSentError
from domain.shared.mail import Mail

_SECONDS = 20.0
_PARTING_SECONDS = 2.0
_PORTS = {"smtp": 587, "smtps": 465}


class SmtpServer(msgspec.Struct, frozen=True, kw_only=True):
    """Where messages are handed in; with TLS, whose certificate is checked, unless it is here."""

    host: str
    port: int
    user: str | None
    password: str | None
    implicit_tls: bool
    starttls: bool

    @classmethod
    def parse(cls, url: str) -> "SmtpServer":
        """Read ``smtp://user:password@host:587`` or ``smtps://…``."""
        parts = urlsplit(url)
        host, implicit_tls = parts.hostname or "", parts.scheme == "smtps"
        return cls(
            host=host,
            port=parts.port or _PORTS[parts.scheme],
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            implicit_tls=implicit_tls,
            starttls=not implicit_tls and not _is_local(host),
        )

    def __repr__(self) -> str:
        return f"SmtpServer(host={self.host!r}, port={self.port}, …)"


class SmtpMailSender:
    """``MailSender``: a connection for each message; all of it takes 20 seconds at most."""

    def __init__(
        self, server: SmtpServer, writer: MessageWriter, *, seconds: float = _SECONDS
    ) -> None:
        self._server = server
        self._writer = writer
        self._seconds = seconds

    async def __call__(self, mail: Mail, queued_at: datetime, /) -> None:
        """Hand it in; without TLS only on this machine."""
        message = self._writer.write(mail, queued_at)
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.implicit_tls,
            start_tls=server.starttls,
            timeout=self._seconds,
        )
        try:
            async with asyncio.timeout(self._seconds):
                await client.connect()
                await client.send_message(message)
            with suppress(aiosmtplib.SMTPException):  # it was taken, however they part
                await client.quit(timeout=_PARTING_SECONDS)
        except aiosmtplib.SMTPRecipientsRefused as error:
            code = error.recipients[0].code
            raise MailNotSentError(f"recipient_{code}", final=code >= 500) from error
        except aiosmtplib.SMTPSenderRefused as error:
            raise MailNotSentError(f"sender_{error.code}") from error
        except aiosmtplib.SMTPDataError as error:
            raise MailNotSentError(f"content_{error.code}", final=error.code >= 500) from error
        except aiosmtplib.SMTPNotSupported as error:
            raise MailNotSentError("not_supported") from error
        except (aiosmtplib.SMTPException, ssl.SSLError, OSError, TimeoutError) as error:
            # What a server says may repeat the address: only the sort of failure is told.
            raise MailNotSentError(type(error).__name__) from error
        finally:
            client.close()  # who is told to stop does not wait for a server that says nothing


def _is_local(host: str) -> bool:
    """Whether the way there does not leave this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
