"""Let a request have its effect once, and give every repetition the same answer."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import final

import msgspec

from application.shared.ports import Answer, Clock, KeptAnswers, KeyedRequest
from domain.shared.errors import ConnectionLostError, IdempotencyKeyReusedError

KEPT_FOR = timedelta(hours=24)
# Another try may well be answered otherwise: signed in again, in time, or a little later.
_PASSING = {401, 408, 429}


class GivenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, and whether it is that of an earlier request."""

    answer: Answer
    replayed: bool


class _PassingAnswerError(Exception):
    """Rolls the transaction back; the answer is given all the same."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOnce:
    """Keep the answer in the transaction of its effect; passing failures undo both."""

    answers: KeptAnswers
    clock: Clock

    async def __call__(
        self, request: KeyedRequest, respond: Callable[[], Awaitable[Answer]], /
    ) -> GivenAnswer:
        """The answer of the first request with this key: ``respond`` is asked for that one only.

        Where the connection was lost half-way it is tried once more: what was committed all the
        same is found then.

        ``IdempotencyKeyReusedError`` where the key came with something else before,
        ``RequestInProgressError`` while the first is not yet answered.
        """
        try:
            try:
                return await self._answer(request, respond)
            except ConnectionLostError:
                return await self._answer(request, respond)
        except _PassingAnswerError as passing:
            return GivenAnswer(answer=passing.answer, replayed=False)

    async def _answer(
        self, request: KeyedRequest, respond: Callable[[], Awaitable[Answer]]
    ) -> GivenAnswer:
        async with self.answers.begin(request) as tx:
            kept = await tx.find(self.clock() - KEPT_FOR)
            if kept is not None:
                if not hmac.compare_digest(kept.fingerprint, request.fingerprint):
                    raise IdempotencyKeyReusedError("Make a new key for each new request.")
                return GivenAnswer(answer=kept.answer, replayed=True)
            answer = await respond()
            if answer.status >= 500 or answer.status in _PASSING:
                raise _PassingAnswerError(answer)
            await tx.keep(answer, self.clock())
            return GivenAnswer(answer=answer, replayed=False)
