"""Forgetting answers."""

from datetime import timedelta

import pytest

from application.shared.answer_once import KEPT_FOR
from application.shared.ports import Answer
from tests.application.world import World
from tests.builders.answers import a_request, an_answer

pytestmark = pytest.mark.anyio


async def test_answers_are_kept_for_a_day_and_no_longer(world: World) -> None:
    async def respond() -> Answer:
        return an_answer()

    await world.answer_once(a_request(None), respond)
    world.clock.advance(KEPT_FOR)
    assert await world.forget_answers() == 0
    world.clock.advance(timedelta(seconds=1))
    assert await world.forget_answers() == 1
    assert world.database.rows.answers == {}
