"""How a process ends that was told to: quietly, in time, and at once if told twice."""

import os
import signal
import sys
import threading
from types import FrameType
from typing import NoReturn

# For requests that are under way when nothing more is taken; ordinary ones have a deadline of 3 s.
GRACE_SECONDS = 5


def end_on_sigterm() -> None:
    """Make SIGTERM an ordinary end, with status 0, as long as nothing else handles it."""
    signal.signal(signal.SIGTERM, _end)


def end_loading_on_sigterm() -> None:
    """Make SIGTERM an end as shells tell it, at once: nothing has been begun.

    An exception could come up where nobody sees it: in what is called as a module is let go.
    """
    signal.signal(signal.SIGTERM, lambda *_: os._exit(128 + signal.SIGTERM))


def end_unfinished_on_sigterm() -> None:
    """Make SIGTERM an end as shells tell it (128 + 15), also of a container's first process."""
    signal.signal(signal.SIGTERM, _end_unfinished)


def end_within(seconds: float) -> None:
    """End the process after ``seconds`` whatever it waits for then; the status is 0.

    A driver that waits for a frozen server does not let go, nor does a thread that computes. What
    was acknowledged is in the database, and what was not can be asked for again.
    """
    limit = threading.Timer(seconds, os._exit, [0])
    limit.daemon = True
    limit.start()


def end_at_once(_: int = signal.SIGTERM, __: FrameType | None = None) -> NoReturn:
    """Whoever asks twice does not want to wait; the status is 1."""
    os._exit(1)


def _end_unfinished(_: int, __: FrameType | None) -> NoReturn:
    sys.exit(128 + signal.SIGTERM)


def _end(_: int, __: FrameType | None) -> NoReturn:
    sys.exit(0)
