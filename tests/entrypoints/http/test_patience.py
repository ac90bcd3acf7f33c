"""How long work is waited for, and when it is given up."""

import asyncio

import pytest

from entrypoints.http.patience import Patience, always

pytestmark = pytest.mark.anyio


async def endless() -> None:
    """Never done."""
    await asyncio.Event().wait()


async def test_ordinary_work_has_a_deadline() -> None:
    for_ever = asyncio.create_task(endless())
    assert not await Patience(0.01, [], always).wait(for_ever, "/import")
    for_ever.cancel()


async def test_patient_work_outlives_the_deadline_while_there_is_an_answer() -> None:
    asked = 0

    async def it_answers() -> bool:
        nonlocal asked
        asked += 1
        if asked == 2:
            done.set()
        return True

    async def until_then() -> None:
        await done.wait()

    done = asyncio.Event()
    task = asyncio.create_task(until_then())
    assert await Patience(0.2, ["/import"], it_answers).wait(task, "/import")
    assert asked == 2


async def test_patient_work_is_given_up_where_what_it_waits_for_is_silent_twice_in_a_row() -> None:
    answers = [False, True, False, False, True]

    async def it_answers() -> bool:
        return answers.pop(0)

    for_ever = asyncio.create_task(endless())
    patience = Patience(1.5, ["/import/{id}"], it_answers)
    assert not await patience.wait(for_ever, "/import/7")
    assert answers == [True]
    for_ever.cancel()
