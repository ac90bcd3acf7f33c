"""Answers whose first part is there before they start, and whose end is seen to."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from litestar import Request

CLOSED_BY_THE_EDGE = "to_close"


async def begun(
    request: Request[Any, Any, Any], chunks: AsyncGenerator[bytes, None], /
) -> AsyncIterator[bytes]:
    """``chunks``, the first of them read: what fails up to there is still a problem document.

    The edge closes them when the exchange is over, whether or not anybody has read them to the
    end, and with them the connection that they are read from.
    """
    request.scope["state"].setdefault(CLOSED_BY_THE_EDGE, []).append(chunks)
    return _with_first(await anext(chunks), chunks)


async def _with_first(
    first: bytes, rest: AsyncGenerator[bytes, None]
) -> AsyncGenerator[bytes, None]:
    async with aclosing(rest):
        yield first
        async for chunk in rest:
            yield chunk
