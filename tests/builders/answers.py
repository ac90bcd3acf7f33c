"""Small valid requests with a key, and answers to them."""

import hashlib
from uuid import uuid4

from application.shared.ports import Answer, KeyedRequest
from domain.shared.ids import UserId


def a_request(
    user_id: UserId | None,
    *,
    key: str | None = None,
    body: str = "",
    operation: str = "blockArtist",
) -> KeyedRequest:
    """A request with a key of its own, unless one is given."""
    return KeyedRequest(
        user_id=user_id,
        operation=operation,
        key=key or uuid4().hex,
        fingerprint=hashlib.sha256(body.encode()).digest(),
    )


def an_answer(status: int = 201, body: bytes = b"{}") -> Answer:
    """A short answer."""
    return Answer(status=status, headers=[(b"content-type", b"application/json")], body=body)
