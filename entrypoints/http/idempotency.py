"""``Idempotency-Key``: a request that is sent again has no second effect (API-07).

The field is an item as draft-ietf-httpapi-idempotency-key-header has it: a string in quotes
(RFC 9651); the same without quotes is taken as well.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from litestar import Request
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from application.shared.answer_once import AnswerOnce
from application.shared.ports import Answer, KeyedRequest
from domain.accounts.principal import Principal
from domain.shared.errors import DomainError, InvalidInputError
from entrypoints.http.problems import plain_problem

FIELD = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
PATTERN = r'^("[!#-\[\]-~]{1,64}"|[!#-\[\]-~]{1,64})$'

_KEY = re.compile(r'"([!#-\[\]-~]{1,64})"|([!#-\[\]-~]{1,64})')
_BOUNDARY = re.compile(r'multipart/form-data\s*;.*?boundary="?([^";,\s]{1,70})', re.IGNORECASE)
_PIECE = 256 * 1024


class Digest(Protocol):
    """A keyed digest under way."""

    def update(self, data: Any, /) -> None:
        """Go on with these bytes."""
        ...

    def digest(self) -> bytes:
        """The digest of all of them."""
        ...


def idempotency(
    answer_once: AnswerOnce, new_digest: Callable[[], Digest]
) -> Callable[[ASGIApp], ASGIApp]:
    """A middleware for the operations that declare ``idempotent``; it sends what is committed."""

    def create(app: ASGIApp) -> ASGIApp:
        async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
            handler: Any = scope["route_handler"]
            key = key_of(scope) if handler.opt.get("idempotent") else None
            if key is None:
                await app(scope, receive, send)
                return
            request = Request[Any, Any, Any](scope, receive)
            body = await request.body()  # all of it, before a connection is held for it
            claims = scope.get("auth")
            keyed = KeyedRequest(
                user_id=claims.user_id if isinstance(claims, Principal) else None,
                operation=handler.operation_id,
                key=key,
                fingerprint=await _fingerprint(request, body, new_digest()),
            )

            held_back = False

            async def respond() -> Answer:
                nonlocal held_back
                recorded, held_back = _Recording(), True
                await app(scope, _again(body, receive), recorded.send)
                return recorded.answer()

            try:
                given = await answer_once(keyed, respond)
            except DomainError as error:
                if not held_back:
                    raise
                # The framework takes what was held back for sent, and would not send a problem.
                for message in plain_problem(scope, error):
                    await send(message)
                return
            scope["state"]["replayed"] = given.replayed
            await _send(given.answer, send, replayed=given.replayed)

        return middleware

    return create


def key_of(scope: Scope) -> str | None:
    """The key that came with a request, if one did; ``InvalidInputError`` if it is none."""
    values = [value for name, value in scope["headers"] if name == b"idempotency-key"]
    if not values:
        return None
    match = _KEY.fullmatch(values[0].decode("latin-1").strip())
    if len(values) > 1 or match is None:
        raise InvalidInputError.of(FIELD, "expected one key of 1 to 64 visible ASCII characters")
    return match[1] or match[2]


async def _fingerprint(request: Request[Any, Any, Any], body: bytes, digest: Digest) -> bytes:
    """Method, address, type and body; the boundary of a form is another at each try."""
    content_type = request.headers.get("content-type", "")
    form = _BOUNDARY.match(content_type)
    for part in (
        request.method.encode(),
        request.scope["path"].encode(),
        request.scope["query_string"],
        b"multipart/form-data" if form else content_type.encode(),
    ):
        digest.update(len(part).to_bytes(8) + part)
    for piece in _pieces(body, form[1].encode("latin-1") if form else None):
        digest.update(piece)
        if len(body) > _PIECE:
            await asyncio.sleep(0)  # other requests are waiting for the event loop
    return digest.digest()


def _pieces(body: bytes, boundary: bytes | None) -> Iterator[memoryview]:
    """The body without its boundaries, in views of it: a file of 10 MiB is not copied."""
    view, start = memoryview(body), 0
    while start < len(body):
        found = body.find(boundary, start) if boundary else -1
        end = len(body) if found < 0 else found
        yield from (view[at : min(at + _PIECE, end)] for at in range(start, end, _PIECE))
        start = end + len(boundary or b"")


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, in pieces, for a handler that reads it as a stream."""
    pieces = [body[at : at + _PIECE] for at in range(0, len(body), _PIECE)] or [b""]
    pieces.reverse()

    async def replay() -> Any:
        if not pieces:
            return await receive()
        piece = pieces.pop()
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    return replay


class _Recording:
    """An answer that is held back until what it tells of has happened."""

    def __init__(self) -> None:
        self._status = 500
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        """Take a message in place of the client."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = [(bytes(name), bytes(value)) for name, value in message["headers"]]
        elif message["type"] == "http.response.body":
            self._body += message["body"]

    def answer(self) -> Answer:
        """All of it."""
        return Answer(status=self._status, headers=self._headers, body=bytes(self._body))


async def _send(answer: Answer, send: Send, *, replayed: bool) -> None:
    headers = list(answer.headers)
    if replayed:
        headers.append((REPLAYED.lower().encode(), b"true"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})
