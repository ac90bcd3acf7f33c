"""One thread for computing that takes seconds, and a short queue before it."""

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from domain.shared.errors import ServiceUnavailableError, TooManyRequestsError
from domain.shared.ids import UserId

R = TypeVar("R")

_NICENESS = 10
_WAITING = 4


class OneThread:
    """``LongWork`` in a thread of low priority: what computes in Python gains nothing by two.

    A place is free again when its work has ended, not when the request has gone away; otherwise
    cancelled requests would pile up work without bound.
    """

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, "long-work", initializer=_yield_to_event_loop)
        self._under_way: set[UserId] = set()
        self._lock = threading.Lock()

    async def run(self, user_id: UserId, work: Callable[[], R], /) -> R:
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

        try:
            future = self._executor.submit(work)
        except RuntimeError:
            leave(None)
            raise
        future.add_done_callback(leave)
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Take no more, and forget what has not begun."""
        self._executor.shutdown(wait=False, cancel_futures=True)


def _yield_to_event_loop() -> None:
    # On Linux a thread has a priority of its own; elsewhere this would touch the process.
    # A sandbox may forbid it; an exception here would break the executor for good.
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
