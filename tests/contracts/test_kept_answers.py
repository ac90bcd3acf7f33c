"""The contract of ``KeptAnswers``."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest

from application.shared.ports import Answer, KeptAnswer, KeyedRequest
from domain.blocklists.errors import ArtistAlreadyBlockedError, ArtistNotBlockedError
from domain.shared.errors import RequestInProgressError
from tests.builders.accounts import NOW, a_user
from tests.builders.answers import a_request, an_answer
from tests.builders.blocklists import an_entry
from tests.contracts.conftest import RACERS, Place, Race

pytestmark = pytest.mark.anyio

LONG_AGO = NOW - timedelta(days=365)


async def kept(place: Place, request: KeyedRequest) -> KeptAnswer | None:
    """What somebody who asks now is told."""
    async with place.answers.begin(request) as tx:
        return await tx.find(LONG_AGO)


async def keep(place: Place, request: KeyedRequest, answer: Answer) -> None:
    """Answer a request that has no effect."""
    async with place.answers.begin(request) as tx:
        await tx.keep(answer, NOW)


async def test_an_answer_comes_back_as_it_was_kept(place: Place) -> None:
    user = await place.a_person()
    request, answer = a_request(user.id), an_answer(body=bytes(range(256)))
    assert await kept(place, request) is None
    await keep(place, request, answer)
    expected = KeptAnswer(fingerprint=request.fingerprint, answer=answer)
    assert await kept(place, request) == expected


async def test_the_same_key_of_somebody_else_or_for_something_else_is_another(
    place: Place,
) -> None:
    mine, theirs = await place.a_person(), await place.a_person()
    request = a_request(mine.id, key="1")
    await keep(place, request, an_answer())
    assert await kept(place, a_request(theirs.id, key="1")) is None
    assert await kept(place, a_request(mine.id, key="2")) is None
    assert await kept(place, a_request(mine.id, key="1", operation="other")) is None
    assert await kept(place, a_request(mine.id, key="1", body="other")) is not None


async def test_two_strangers_with_one_key_do_not_meet(place: Place) -> None:
    key = uuid4().hex
    await keep(place, a_request(None, key=key, body="one"), an_answer())
    assert await kept(place, a_request(None, key=key, body="two")) is None
    assert await kept(place, a_request(None, key=key, body="one")) is not None


async def test_what_happens_inside_is_kept_with_the_answer_and_seen_there(place: Place) -> None:
    user, artist = await place.a_person(), await place.an_artist("Inside")
    request = a_request(user.id)
    async with place.answers.begin(request) as tx:
        async with place.blocklists() as inner:
            await inner.entries.add(an_entry(user.id, artist, note="inside"))
        assert (await place.reader.get(user.id, artist)).note == "inside"
        await tx.keep(an_answer(), NOW)
    assert (await place.reader.get(user.id, artist)).note == "inside"
    assert await kept(place, request) is not None


async def test_nothing_stays_of_what_happened_inside_one_that_raised(place: Place) -> None:
    user, artist = await place.a_person(), await place.an_artist("Undone")
    stranger, request = a_user(), a_request(user.id)

    async def fail_at_the_end() -> None:
        async with place.answers.begin(request) as tx:
            async with place.blocklists() as inner:
                await inner.entries.add(an_entry(user.id, artist))
            async with place.accounts() as other:
                await other.users.add(stranger)
            await tx.keep(an_answer(), NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_at_the_end()
    with pytest.raises(ArtistNotBlockedError):
        await place.reader.get(user.id, artist)
    assert await place.directory.find(stranger.email) is None
    assert await kept(place, request) is None


async def test_a_part_that_fails_is_undone_by_itself(place: Place) -> None:
    user, artist = await place.a_person(), await place.an_artist("Twice")
    other = await place.an_artist("Never")
    request = a_request(user.id)

    async def add_both() -> None:
        async with place.blocklists() as inner:
            await inner.entries.add(an_entry(user.id, other))
            await inner.entries.add(an_entry(user.id, artist))

    async with place.blocklists() as before:
        await before.entries.add(an_entry(user.id, artist))
    async with place.answers.begin(request) as tx:
        with pytest.raises(ArtistAlreadyBlockedError):
            await add_both()
        await tx.keep(an_answer(409), NOW)
    with pytest.raises(ArtistNotBlockedError):
        await place.reader.get(user.id, other)
    assert await kept(place, request) is not None


async def test_of_twenty_with_one_key_one_has_an_effect(place: Place, race: Race[int]) -> None:
    user, artist = await place.a_person(), await place.an_artist("Raced")
    request = a_request(user.id)

    async def attempt() -> int:
        async with place.answers.begin(request) as tx:
            known = await tx.find(LONG_AGO)
            if known is not None:
                return 0
            async with place.blocklists() as inner:
                await inner.entries.add(an_entry(user.id, artist))
            await tx.keep(an_answer(), NOW)
            return 1

    results = Counter(
        result if isinstance(result, int) else type(result) for result in await race(attempt)
    )
    assert results[1] == 1
    assert results[0] + results[RequestInProgressError] == RACERS - 1


async def test_while_one_is_open_another_with_its_key_is_turned_away(place: Place) -> None:
    user = await place.a_person()
    request = a_request(user.id)
    async with place.answers.begin(request):
        with pytest.raises(RequestInProgressError):
            await kept(place, request)
    assert await kept(place, request) is None


async def test_answers_are_forgotten_by_age(place: Place) -> None:
    user = await place.a_person()
    old, young = a_request(user.id), a_request(user.id)
    day = timedelta(days=1)
    for request, at in ((old, LONG_AGO), (young, LONG_AGO + day)):
        async with place.answers.begin(request) as tx:
            await tx.keep(an_answer(), at)
    async with place.answers.begin(old) as tx:
        assert await tx.find(LONG_AGO + day / 2) is None, "too old to count"
        assert await tx.find(LONG_AGO) is not None
    assert await place.answers.forget(LONG_AGO + day / 2) >= 1
    async with place.answers.begin(old) as tx:
        assert await tx.find(LONG_AGO - day) is None
        await tx.keep(an_answer(200), LONG_AGO + 2 * day)
    async with place.answers.begin(young) as tx:
        assert await tx.find(LONG_AGO) is not None


async def test_an_answer_that_is_too_old_is_replaced(place: Place) -> None:
    user = await place.a_person()
    first, second = a_request(user.id, key="1", body="a"), a_request(user.id, key="1", body="b")
    async with place.answers.begin(first) as tx:
        await tx.keep(an_answer(), LONG_AGO)
    async with place.answers.begin(second) as tx:
        assert await tx.find(NOW) is None
        await tx.keep(an_answer(200), NOW)
    expected = KeptAnswer(fingerprint=second.fingerprint, answer=an_answer(200))
    assert await kept(place, first) == expected
