"""The outermost layer: an id, a deadline, a log line, a measurement and safe headers for all."""

import asyncio
import re
import time
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from domain.shared.errors import DomainError, ServiceUnavailableError
from entrypoints.http.begun import CLOSED_BY_THE_EDGE
from entrypoints.http.errors import RequestTimeoutError
from entrypoints.http.patience import Patience, Question, always
from entrypoints.http.problems import internal_error, plain_problem
from entrypoints.http.request_report import RequestLog, RequestMetrics, RequestReport
from entrypoints.http.tracing import RequestTraces

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_STALL_SECONDS = 30.0
_READINESS = "/health/ready"


class _Exchange:
    """One request and its answer, as far as they have got."""

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, headers: Any, stall: float
    ) -> None:
        self.scope = scope
        self.status = 0
        self.received = not any(
            name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
            for name, value in scope["headers"]
        )
        self.waiting = False
        self.abandoned = False
        self.left = False
        self.stalled = False
        self._receive = receive
        self._send = send
        self._headers = headers
        self._stall = stall

    async def receive(self) -> Any:
        """Pass a message on, and note when it is waited for and when the whole request is there."""
        self.waiting = True
        message = await self._receive()
        self.waiting = False
        self.left = self.left or message["type"] == "http.disconnect"
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            self.received = True
        return message

    async def send(self, message: Message) -> None:
        """Pass a message on with our headers, unless the answer was given by somebody else."""
        if self.abandoned:
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            present = {name for name, _ in message["headers"]}
            message["headers"] = [
                *message["headers"],
                *(field for field in self._headers if field[0] not in present),
                *self.scope["state"].get("fields", ()),
            ]
        try:
            async with asyncio.timeout(self._stall):
                await self._send(message)
        except TimeoutError:  # whoever takes nothing is as good as gone
            self.left = self.stalled = True
            raise

    async def refuse(self, error: DomainError) -> None:
        """Answer with a problem in place of the application."""
        for message in plain_problem(self.scope, error):
            await self.send(message)
        self.abandoned = True


class Edge:
    """An ASGI application around the application.

    A request that takes longer than the deadline is answered with 503 and its work is left to
    end in the background: a driver that waits for a frozen server takes seconds to let go.
    An answer that has started takes as long as its length asks for, but it is broken off when
    its reader takes nothing of it for ``stall`` seconds, and what it was read from is closed.
    From ``drain`` on, readiness is refused, whatever the database says, and answers close their
    connection: whoever sends requests here is to look elsewhere, and is served until it does.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        log: RequestLog,
        metrics: RequestMetrics,
        traces: RequestTraces,
        deadline: float,
        secure_transport: bool,
        patient_paths: Iterable[str],
        database_answers: Question = always,
        stall: float = _STALL_SECONDS,
    ) -> None:
        self._app = app
        self._report = RequestReport(log, metrics)
        self._traces = traces
        self._stall = stall
        self._patience = Patience(deadline, patient_paths, database_answers)
        self._abandoned: set[asyncio.Task[None]] = set()
        self._headers = _security_headers(secure_transport=secure_transport)
        self._farewell: tuple[tuple[bytes, bytes], ...] = ()

    def drain(self) -> None:
        """Send no more requests here: this process is about to end."""
        self._farewell = ((b"connection", b"close"),)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one connection; everything but HTTP is passed through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        state = scope.setdefault("state", {})
        state["request_id"] = request_id = _request_id(scope)
        headers = (*self._headers, *self._farewell, (b"x-request-id", request_id.encode()))
        exchange = _Exchange(scope, receive, send, headers, self._stall)
        with self._traces.request(
            scope["method"], scope.get("scheme", "http"), scope["headers"]
        ) as trace:
            try:
                if self._farewell and scope["path"].rstrip("/") == _READINESS:
                    scope["path_template"] = _READINESS
                    await exchange.refuse(_about_to_end())
                else:
                    await self._serve(exchange)
            finally:
                self._report.ended(
                    scope,
                    trace,
                    status=exchange.status,
                    seconds=time.perf_counter() - started,
                    left=exchange.left,
                    stalled=exchange.stalled,
                )

    async def _serve(self, exchange: _Exchange) -> None:
        task = asyncio.create_task(self._run(exchange))
        try:
            done = await self._patience.wait(task, exchange.scope["path"])
            if not done and exchange.status == 0:
                await exchange.refuse(_too_late(exchange))
            elif not done:
                await task  # the answer is on its way: its length decides, not the clock
        finally:
            if not task.done():
                self._abandoned.add(task)
                task.add_done_callback(self._abandoned.discard)
                task.cancel()

    async def _run(self, exchange: _Exchange) -> None:
        try:
            await self._app(exchange.scope, exchange.receive, exchange.send)
        except Exception as error:  # the last resort: nobody else will answer
            exchange.scope["state"]["exception"] = error
            if exchange.status == 0:
                await exchange.refuse(internal_error())
        finally:
            for chunks in exchange.scope["state"].pop(CLOSED_BY_THE_EDGE, ()):
                await chunks.aclose()


def _request_id(scope: Any) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            text = value.decode("latin-1")
            if _REQUEST_ID.fullmatch(text):
                return str(text)
    return uuid4().hex


def _too_late(exchange: _Exchange) -> DomainError:
    if exchange.waiting and not exchange.received:
        return RequestTimeoutError("Send the whole request at once.", retry_after=1)
    return ServiceUnavailableError(
        "The service did not finish in time; try again in a moment.", retry_after=1
    )


def _about_to_end() -> DomainError:
    return ServiceUnavailableError(
        "This process is about to end; send requests to another one.", retry_after=1
    )


def _security_headers(*, secure_transport: bool) -> tuple[tuple[bytes, bytes], ...]:
    headers = [
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"cache-control", b"no-store"),
    ]
    if secure_transport:
        headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
    return tuple(headers)
