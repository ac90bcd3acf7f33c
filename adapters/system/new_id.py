"""Identifiers that sort by the time of their making."""

import os
import threading
import time
from uuid import UUID

_RANDOM_BITS = 74


class UuidV7:
    """``NewId``: UUID version 7 (RFC 9562 section 5.7), ever-increasing within the process.

    The 74 random bits are drawn once a millisecond and counted up within it (section 6.2,
    method 2), so that rows which are made together lie together in an index.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._millisecond = 0
        self._random = 0

    def __call__(self) -> UUID:
        """The next id."""
        with self._lock:
            now = time.time_ns() // 1_000_000
            if now > self._millisecond:
                self._millisecond = now
                # The top bit stays clear, so that counting up cannot overflow within reason.
                self._random = int.from_bytes(os.urandom(10)) >> (80 - _RANDOM_BITS + 1)
            else:
                self._random += 1 + int.from_bytes(os.urandom(4))
            millisecond, random = self._millisecond, self._random
        high, low = random >> 62, random & ((1 << 62) - 1)
        return UUID(int=millisecond << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
