"""How long the work of a request is waited for."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable

_PATIENCE = 10
# The rest of the deadline is for the refusal to reach whoever has asked.
_SHARE = 0.95
_LOOKS = 2
_PAUSE_SECONDS = 1.0

Question = Callable[[], Awaitable[bool]]


async def always() -> bool:
    """Where there is nobody to ask."""
    return True


class Patience:
    """A deadline in seconds, and ten times as many for the work of some paths.

    Such work goes on beyond the deadline only while ``is_there`` says that what it waits for
    answers at all: it is asked every second, takes one at most, and what is silent twice in a row
    is not waited for any longer.
    """

    def __init__(self, deadline: float, patient_paths: Iterable[str], is_there: Question) -> None:
        self._deadline = deadline * _SHARE
        self._is_there = is_there
        self._paths = [re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)) for path in patient_paths]

    async def wait(self, task: "asyncio.Task[None]", path: str) -> bool:
        """Whether it has ended in time."""
        if not any(pattern.fullmatch(path) for pattern in self._paths):
            await asyncio.wait({task}, timeout=self._deadline)
            return task.done()
        loop = asyncio.get_running_loop()
        until = loop.time() + self._deadline * _PATIENCE
        silent = 0
        await asyncio.wait({task}, timeout=max(0.0, self._deadline - _LOOKS * _PAUSE_SECONDS))
        while not task.done() and silent < _LOOKS and loop.time() < until:
            pause = loop.time() + _PAUSE_SECONDS
            looking = asyncio.ensure_future(self._is_there())
            await asyncio.wait({task, looking}, return_when=asyncio.FIRST_COMPLETED)
            if not looking.done():
                looking.cancel()
            elif looking.result():
                silent = 0
            else:
                silent += 1
            await asyncio.wait({task}, timeout=max(0.0, pause - loop.time()))
        return task.done()
