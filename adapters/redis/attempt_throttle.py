"""Attempts counted in Redis, for all processes together."""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from typing import Protocol

from opentelemetry.trace import Tracer
from redis.asyncio import Redis

from adapters.redis.attempt_script import ADMIT
from adapters.redis.budget import Budget
from adapters.redis.script_line import ScriptLine
from adapters.redis.traced import traced_call
from domain.accounts.attempts import Admission, AttemptLimit, Attempts

BUDGET_SECONDS = 0.1
_PAUSE_SECONDS = 1.0
_LARGEST_BATCH = 128


class WarmThrottle(Protocol):
    """A count inside the process that knows what Redis has admitted, and can take over."""

    def decide(self, subjects: Sequence[Attempts], /) -> Admission:
        """Admit or refuse by what this process knows."""
        ...

    def record(self, subjects: Sequence[Attempts], /) -> None:
        """Count an attempt that has been admitted elsewhere."""
        ...

    def forget(self, keys: Sequence[str], /) -> None:
        """Drop what is known of these keys."""
        ...

    def forget_newest(self, keys: Sequence[str], /) -> None:
        """Drop the newest attempt under each of these keys."""
        ...


class RedisAttemptThrottle:
    """``AttemptThrottle`` by one script, with another throttle for when Redis does not answer.

    Attempts that come while Redis is being asked are sent together by the next call, so that the
    cost of a round trip is shared when there are many. After a failure nobody waits for Redis
    until it has answered a question of its own, once a second. In a window in which Redis comes or
    goes each of the two may admit up to the limit.
    """

    def __init__(
        self,
        redis: Redis,
        fallback: WarmThrottle,
        budget: float = BUDGET_SECONDS,
        tracer: Tracer | None = None,
    ) -> None:
        self._redis = redis
        self._line = ScriptLine(redis, ADMIT)
        self._fallback = fallback
        self._budget = budget
        self._tracer = tracer
        self._waiting: list[tuple[tuple[Attempts, ...], asyncio.Future[Admission]]] = []
        self._sender: asyncio.Task[None] | None = None
        self._probe: asyncio.Task[None] | None = None
        self._down = False
        self._ask_again_at = 0.0

    async def admit(self, *subjects: Attempts) -> Admission:
        """Ask Redis; the fallback decides where that takes too long."""
        if self._is_down():
            return self._fallback.decide(subjects)
        future: asyncio.Future[Admission] = asyncio.get_running_loop().create_future()
        self._waiting.append((subjects, future))
        if self._sender is None:
            self._sender = asyncio.create_task(self._send())
        return await future

    async def forgive(self, *keys: str) -> None:
        """Forget in both."""
        self._fallback.forget(keys)
        await self._tell("DEL", lambda: self._redis.delete(*map(_redis_key, keys)))

    async def take_back(self, *keys: str) -> None:
        """Drop the newest attempt in both."""
        self._fallback.forget_newest(keys)
        pipeline = self._redis.pipeline(transaction=False)
        for key in keys:
            pipeline.lpop(_redis_key(key))
        await self._tell("LPOP", pipeline.execute)

    async def _send(self) -> None:
        batch = []
        try:
            while self._waiting:
                batch, self._waiting = (
                    self._waiting[:_LARGEST_BATCH],
                    self._waiting[_LARGEST_BATCH:],
                )
                with traced_call(self._tracer, "EVALSHA", len(batch)), Budget(self._budget):
                    numbers = await self._ask([subjects for subjects, _ in batch])
                for place, (subjects, future) in enumerate(batch):
                    admission = _admission(subjects, numbers[4 * place : 4 * place + 4])
                    if admission.wait == 0:
                        self._fallback.record(subjects)
                    if not future.done():
                        future.set_result(admission)
        except Exception:  # whatever it is, nobody is turned away or let in because of it
            self._went_down()
            batch, self._waiting = batch + self._waiting, []
            for subjects, future in batch:
                if not future.done():
                    future.set_result(self._fallback.decide(subjects))
        finally:
            self._sender = None
            for _, future in self._waiting:  # only if we are cancelled ourselves
                future.cancel()

    async def _ask(self, groups: Sequence[tuple[Attempts, ...]]) -> list[int]:
        keys, windows = [], []
        for subjects in groups:
            for subject in subjects:
                keys.append(_redis_key(subject.key))
                windows.append(_windows(subject.limits, subject is subjects[-1]))
        answer = await self._line.call(keys, windows)
        return [int(number) for number in answer.split()]

    async def _tell(self, operation: str, call: Callable[[], Awaitable[object]]) -> None:
        if self._is_down():
            return
        try:
            with traced_call(self._tracer, operation), Budget(self._budget):
                await call()
        except Exception:  # whatever it is, what is counted is forgotten by itself in time
            self._went_down()

    def _is_down(self) -> bool:
        if self._down and self._probe is None and time.monotonic() >= self._ask_again_at:
            self._probe = asyncio.create_task(self._ask_whether_it_is_back())
        return self._down

    def _went_down(self) -> None:
        self._down = True
        self._ask_again_at = time.monotonic() + _PAUSE_SECONDS

    async def _ask_whether_it_is_back(self) -> None:
        try:
            with Budget(self._budget):
                await self._redis.ping()
            self._down = False
        except Exception:  # whatever it is, it is not back
            self._went_down()
        finally:
            self._probe = None


def _admission(subjects: Sequence[Attempts], numbers: Sequence[int]) -> Admission:
    wait, place, remaining, reset = numbers
    limits = [limit for subject in subjects for limit in _ordered(subject.limits)]
    return Admission(wait=wait, limit=limits[place], remaining=remaining, reset=reset)


@lru_cache
def _ordered(limits: tuple[AttemptLimit, ...]) -> list[AttemptLimit]:
    return sorted(limits, key=lambda limit: limit.seconds)


@lru_cache
def _windows(limits: tuple[AttemptLimit, ...], is_last: bool) -> str:
    windows = (f"{w.attempts} {w.seconds} {int(w.lock)}" for w in _ordered(limits))
    return f"{int(is_last)} {' '.join(windows)}"


def _redis_key(key: str) -> str:
    # Keys hold addresses of people; Redis need not know them.
    return f"nodrake:throttle:{hashlib.sha256(key.encode()).hexdigest()}"
