"""Attempts counted in this process."""

import math
import time
from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence

from domain.accounts.attempts import Admission, AttemptLimit, Attempts

_MOST_KEYS = 50_000
_MOST_TIMES = 1_000_000  # eight bytes each


class FairShare:
    """What one of so many processes may give away of a limit, and at least one.

    ``generosity`` lets all of them together give away more: not every process sees the same
    subject, and where little is at stake it is better to admit too much.
    """

    def __init__(self, processes: int, generosity: int = 1) -> None:
        self._processes = processes
        self._generosity = generosity

    def __call__(self, attempts: int) -> int:
        """The share, rounded down: together no more than the limit, unless generous."""
        return min(attempts, max(1, attempts * self._generosity // self._processes))


class LocalAttemptThrottle:
    """``AttemptThrottle`` by a log of times for each key; the oldest keys go when it is full.

    ``share`` says how much of a limit this process may give away by itself.
    """

    def __init__(
        self,
        share: Callable[[int], int] = lambda attempts: attempts,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._share = share
        self._now = now
        self._attempts: OrderedDict[str, array[float]] = OrderedDict()
        self._times = 0

    async def admit(self, *subjects: Attempts) -> Admission:
        """Decide by what this process knows."""
        return self.decide(subjects)

    async def forgive(self, *keys: str) -> None:
        """Drop the logs."""
        self.forget(keys)

    async def take_back(self, *keys: str) -> None:
        """Drop the newest time of each log."""
        self.forget_newest(keys)

    def decide(self, subjects: Sequence[Attempts], /) -> Admission:
        """Count if there is room in all windows; refused attempts do not prolong the wait."""
        now = self._now()
        found = [
            self._admission(limit, self._recent(subject, now), now)
            for subject in subjects
            for limit in subject.limits
        ]
        longest = max(found, key=lambda admission: admission.wait)
        if longest.wait:
            return longest
        self.record(subjects)
        return min(found, key=lambda admission: (admission.remaining, -admission.limit.seconds))

    def record(self, subjects: Sequence[Attempts], /) -> None:
        """Count an attempt, whether there is room or not."""
        now = self._now()
        for subject in subjects:
            times = self._recent(subject, now)
            times.append(now)
            self._times += 1
            self._forget_first(times, len(times) - max(w.attempts for w in subject.limits))
        while len(self._attempts) > _MOST_KEYS or self._times > _MOST_TIMES:
            self._times -= len(self._attempts.popitem(last=False)[1])

    def forget(self, keys: Sequence[str], /) -> None:
        """Drop the logs of these keys."""
        for key in keys:
            self._times -= len(self._attempts.pop(key, ()))

    def forget_newest(self, keys: Sequence[str], /) -> None:
        """Drop the newest attempt under each of these keys."""
        for key in keys:
            if times := self._attempts.get(key):
                times.pop()
                self._times -= 1

    def _recent(self, subject: Attempts, now: float) -> "array[float]":
        times = self._attempts.get(subject.key)
        if times is None:
            times = self._attempts[subject.key] = array("d")
        else:
            self._attempts.move_to_end(subject.key)
        if times:
            # What has shut a lock is in the window before its last attempt.
            since = times[-1] if any(limit.lock for limit in subject.limits) else now
            oldest = since - max(limit.seconds for limit in subject.limits)
            if times[0] <= oldest:
                self._forget_first(times, bisect_right(times, oldest))
        return times

    def _forget_first(self, times: "array[float]", number: int) -> None:
        if number > 0:
            del times[:number]
            self._times -= number

    def _admission(self, limit: AttemptLimit, times: "array[float]", now: float) -> Admission:
        attempts = self._share(limit.attempts)
        since = times[-1] if limit.lock and times else now
        first = bisect_right(times, since - limit.seconds)
        if not times or times[-1] + limit.seconds <= now:
            first = len(times)
        count = len(times) - first
        if count >= attempts:
            since = times[-1] if limit.lock else times[-attempts]
            wait = max(1, math.ceil(since + limit.seconds - now))
            return Admission(wait=wait, limit=limit, remaining=0, reset=wait)
        reset = times[first] + limit.seconds - now if count else limit.seconds
        return Admission(
            wait=0, limit=limit, remaining=attempts - count - 1, reset=max(1, math.ceil(reset))
        )
