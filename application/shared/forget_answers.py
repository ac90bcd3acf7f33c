"""Forget the answers to keyed requests that nobody will send again."""

from dataclasses import dataclass
from typing import final

from application.shared.answer_once import KEPT_FOR
from application.shared.ports import Clock, KeptAnswers


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetAnswers:
    """Delete answers after a day; any number of these may run side by side."""

    answers: KeptAnswers
    clock: Clock

    async def __call__(self) -> int:
        """How many there were."""
        return await self.answers.forget(self.clock() - KEPT_FOR)
