"""Letting a request have its effect once."""

from datetime import timedelta

import pytest

from application.blocklists.block_artist import ArtistAlreadyListedError
from application.shared.answer_once import KEPT_FOR, GivenAnswer
from application.shared.ports import Answer
from domain.shared.errors import IdempotencyKeyReusedError, RequestInProgressError
from domain.shared.ids import ArtistId, UserId
from tests.application.world import World
from tests.builders.answers import a_request, an_answer

pytestmark = pytest.mark.anyio


class Handler:
    """Puts one artist on a list, and answers with a status."""

    def __init__(self, world: World, actor: UserId, artist_id: ArtistId, status: int) -> None:
        self._world = world
        self._actor = actor
        self._artist_id = artist_id
        self._status = status
        self.calls = 0

    async def __call__(self) -> Answer:
        """Do it once more."""
        self.calls += 1
        try:
            await self._world.block(self._actor, self._artist_id)
        except ArtistAlreadyListedError:
            return an_answer(409)
        return an_answer(self._status)


@pytest.mark.parametrize("status", [200, 201, 204, 400, 404, 409, 422])
async def test_what_is_decided_is_answered_again_without_a_second_effect(
    world: World, status: int
) -> None:
    actor = (await world.ada()).profile.id
    handler = Handler(world, actor, world.artist(), status)
    request = a_request(actor)
    answers = [await world.answer_once(request, handler) for _ in range(3)]
    assert [given.replayed for given in answers] == [False, True, True]
    assert [given.answer for given in answers] == [an_answer(status)] * 3
    assert handler.calls == 1
    assert len(world.database.rows.entries) == 1


@pytest.mark.parametrize("status", [401, 408, 429, 500, 502, 503])
async def test_a_passing_failure_leaves_nothing_and_may_be_tried_again(
    world: World, status: int
) -> None:
    actor, artist_id = (await world.ada()).profile.id, world.artist()
    request = a_request(actor)
    failed = await world.answer_once(request, Handler(world, actor, artist_id, status))
    assert failed == GivenAnswer(answer=an_answer(status), replayed=False)
    assert world.database.rows.entries == {}
    assert world.database.rows.answers == {}
    done = await world.answer_once(request, Handler(world, actor, artist_id, 201))
    assert done == GivenAnswer(answer=an_answer(201), replayed=False)


async def test_a_key_of_another_request_is_refused_and_has_no_effect(world: World) -> None:
    actor = (await world.ada()).profile.id
    await world.answer_once(
        a_request(actor, key="1", body="a"), Handler(world, actor, world.artist(), 201)
    )
    other = Handler(world, actor, world.artist(), 201)
    with pytest.raises(IdempotencyKeyReusedError):
        await world.answer_once(a_request(actor, key="1", body="b"), other)
    assert other.calls == 0


async def test_while_it_is_being_answered_the_same_request_is_turned_away(world: World) -> None:
    request = a_request((await world.ada()).profile.id)

    async def impatient() -> Answer:
        with pytest.raises(RequestInProgressError):
            await world.answer_once(request, impatient)
        return an_answer()

    assert (await world.answer_once(request, impatient)).answer == an_answer()


async def test_a_fault_is_raised_and_leaves_nothing(world: World) -> None:
    actor, artist_id = (await world.ada()).profile.id, world.artist()

    async def fail() -> Answer:
        await world.block(actor, artist_id)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await world.answer_once(a_request(actor), fail)
    assert world.database.rows.entries == {}


async def test_after_a_day_a_key_is_as_good_as_new(world: World) -> None:
    actor = (await world.ada()).profile.id
    request, handler = a_request(actor), Handler(world, actor, world.artist(), 201)
    await world.answer_once(request, handler)
    world.clock.advance(KEPT_FOR - timedelta(minutes=1))
    assert (await world.answer_once(request, handler)).replayed
    world.clock.advance(timedelta(minutes=2))
    assert (await world.answer_once(request, handler)).answer == an_answer(409)
