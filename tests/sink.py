"""A real SMTP server on loopback that keeps what it is given."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


class Sink:
    """Messages as they arrived, and what to answer to the next ones."""

    def __init__(self) -> None:
        self.port = 0
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.refuse_recipient: str | None = None
        self.refuse_content: str | None = None
        self.pause = 0.0

    @property
    def url(self) -> str:
        """As the setting has it."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        """Parsed."""
        parsed = [message_from_bytes(raw, policy=default) for raw in self.raw]
        return [message for message in parsed if isinstance(message, EmailMessage)]

    def to(self, address: str) -> list[EmailMessage]:
        """What came for somebody, oldest first."""
        return [message for message in self.messages if message["To"] == address]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks it up by this name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take or refuse an address."""
        await asyncio.sleep(self.pause)
        if self.refuse_recipient:
            return self.refuse_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take or refuse a message."""
        await asyncio.sleep(self.pause)
        if self.refuse_content:
            return self.refuse_content
        self.raw.append(envelope.content)
        self.recipients += envelope.rcpt_tos
        return "250 OK"


@contextmanager
def smtp_sink(**options: Any) -> Iterator[Sink]:
    """The server, until the block ends; ``options`` are aiosmtpd's."""
    sink = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        sink.port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, **options)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
