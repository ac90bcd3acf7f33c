"""How long anybody waits for Redis."""

import asyncio
from types import TracebackType

_SLICES = 4


class Budget:
    """A block that ends with ``TimeoutError`` when it takes longer than so many seconds.

    Unlike ``asyncio.timeout`` it counts in slices, between which the event loop takes a turn:
    where the loop itself was busy for a while, the answer may lie there unread, and whoever has
    answered in time is not to blame.
    """

    def __init__(self, seconds: float) -> None:
        self._slice = seconds / _SLICES
        self._left = _SLICES
        self._spent = False

    def __enter__(self) -> None:
        """Start counting."""
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        self._loop = task.get_loop()
        self._timer = self._loop.call_later(self._slice, self._tick)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        """Stop counting."""
        self._timer.cancel()
        if self._spent and self._task.uncancel() == 0 and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def _tick(self) -> None:
        self._left -= 1
        if self._left:
            self._timer = self._loop.call_later(self._slice, self._tick)
        else:
            self._spent = True
            self._task.cancel()
