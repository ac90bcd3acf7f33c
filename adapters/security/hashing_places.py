"""The few threads in which passwords are hashed, and the short queue before them."""

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from domain.accounts.errors import SignInBusyError

P = ParamSpec("P")
R = TypeVar("R")

_NICENESS = 10


class HashingPlaces:
    """A bounded executor: who finds all places and the queue taken is turned away at once.

    A place is free again when its thread has finished, not when the request that wanted the
    result has gone away; otherwise cancelled requests would pile up work without bound.
    """

    def __init__(self, places: int, queue: int) -> None:
        self._executor = ThreadPoolExecutor(places, "hashing", initializer=_yield_to_event_loop)
        self._capacity = places + queue
        self._set_aside = max(1, queue // 2)
        self._admitted = 0
        self._lock = threading.Lock()

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The result of ``function`` from one of the threads, or ``SignInBusyError``."""
        return await self._run(self._capacity, function, *args, **kwargs)

    async def run_preferred(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The same, with some room in the queue that nobody else may take."""
        return await self._run(self._capacity + self._set_aside, function, *args, **kwargs)

    async def _run(
        self, capacity: int, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        with self._lock:
            if self._admitted >= capacity:
                raise SignInBusyError("Please try again in a moment.", retry_after=1)
            self._admitted += 1
        try:
            future = self._executor.submit(function, *args, **kwargs)
        except RuntimeError:
            self._leave(None)
            raise
        future.add_done_callback(self._leave)
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Let running hashes finish and take no more."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _leave(self, _: Future[R] | None) -> None:
        with self._lock:
            self._admitted -= 1


def _yield_to_event_loop() -> None:
    # On Linux a thread has a priority of its own; elsewhere this would touch the process.
    # A sandbox may forbid it; an exception here would break the executor for good.
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
