"""One thread for computing that takes seconds, and a short queue before it."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from domain.shared.errors import ServiceUnavailableError, TooManyRequestsError
from domain.shared.ids import UserId

R = TypeVar("R")

_WAITING = 4


class OneThread:
    """``LongWork`` in one thread: what computes in Python gains nothing by two.

    Its priority is the event loop's: the loop waits for the interpreter until this thread lets go
    of it, 5 ms at most, and a thread of low priority may not come to that for long.

    A place is free again when its work has ended, not when the request has gone away; otherwise
    cancelled requests would pile up work without bound.
    """

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, "long-work")
        self._under_way: set[UserId] = set()
        self._lock = threading.Lock()

    async def run(self, user_id: UserId, work: Callable[[Callable[[], bool]], R], /) -> R:
        """Admit one for each person and a few for all, and wait for the thread."""
        with self._lock:
            if user_id in self._under_way:
                raise TooManyRequestsError(
                    "Wait for what is under way; one at a time is enough.", retry_after=5
                )
            if len(self._under_way) > _WAITING:
                raise ServiceUnavailableError(
                    "Too many are waiting for the same; try again in a moment.", retry_after=10
                )
            self._under_way.add(user_id)

        def leave(_: Future[R] | None) -> None:
            with self._lock:
                self._under_way.discard(user_id)

        abandoned = threading.Event()
        try:
            future = self._executor.submit(work, lambda: not abandoned.is_set())
        except RuntimeError:
            leave(None)
            raise
        future.add_done_callback(leave)
        try:
            return await asyncio.wrap_future(future)
        finally:
            abandoned.set()

    def close(self) -> None:
        """Take no more, and forget what has not begun."""
        self._executor.shutdown(wait=False, cancel_futures=True)
