"""The service with a mail server, and people who read what comes."""

import asyncio
import re
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import httpx

from entrypoints.container import Container
from entrypoints.settings import Settings
from tests.entrypoints.person import PASSWORD, Person
from tests.sink import Sink

NEW_PASSWORD = "nine loud herons on a pier"


class Post:
    """The API, its worker, and every mailbox."""

    def __init__(self, api: httpx.Client, settings: Settings, sink: Sink) -> None:
        self.api = api
        self.settings = settings
        self.sink = sink

    def deliver(self) -> None:
        """One round of the worker."""
        asyncio.run(self._deliver())

    async def _deliver(self) -> None:
        container = Container(settings=self.settings)
        pool = container.pool()
        await pool.open()
        try:
            await container.answer_reset_requests()()
            await container.send_mails()()
        finally:
            await pool.close()
            await container.redis().aclose()
            container.hashing_places().close()
            container.metrics().close()

    def messages(self, address: str) -> list[EmailMessage]:
        """What somebody has in their mailbox, oldest first."""
        self.deliver()
        return self.sink.to(address)

    def subjects(self, address: str) -> list[str]:
        """What it is about."""
        return [str(message["Subject"]) for message in self.messages(address)]

    def link(self, address: str, page: str) -> str:
        """The secret of the newest link to a page."""
        for message in reversed(self.messages(address)):
            found = re.search(rf"/{page}#token=([\w-]+)", text_of(message))
            if found:
                return found[1]
        raise AssertionError(f"no link to {page} for {address}")

    def register(self, email: str | None = None) -> Person:
        """Somebody new, or somebody who says they are."""
        return Person.register(self.api, email or an_address())

    def call(self, path: str, **body: Any) -> httpx.Response:
        """Ask as nobody."""
        return self.api.post(f"/api/v1/auth/{path}", json=body)

    def forget(self, email: str) -> None:
        """Say that the password is forgotten."""
        assert self.call("password/forgot", email=email).status_code == 202

    def reset(self, email: str, password: str = NEW_PASSWORD) -> None:
        """Forget, and choose a new one by the link that comes."""
        self.forget(email)
        token = self.link(email, "reset-password")
        answer = self.call("password/reset", token=token, password=password)
        assert answer.status_code == 204, answer.text

    def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        """Try to."""
        return self.call("login", email=email, password=password)


def an_address() -> str:
    """One that nobody has."""
    return f"{uuid4().hex}@example.org"


def text_of(message: EmailMessage) -> str:
    """The text of a message."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def is_out(post: Post, person: Person) -> bool:
    """Whether somebody's session is over, for reading and for refreshing."""
    read = person.call("GET", "/api/v1/users/profile").status_code
    refreshed = post.call("refresh", refresh_token=person.refresh_token).status_code
    return read == refreshed == 401
