"""The contract of ``PasswordAttempts`` and ``PasswordFailures``."""

from uuid import uuid4

import pytest

from application.accounts.password_attempts import PasswordAttempt
from domain.accounts.email_address import EmailAddress
from domain.accounts.password_stop import most_failures
from domain.accounts.user import User
from domain.shared.ids import UserId
from tests.builders.accounts import NOW, a_user
from tests.contracts.conftest import RACERS, Place, Race

pytestmark = pytest.mark.anyio

BOTH = pytest.mark.parametrize("familiar", [True, False])


async def attempt(place: Place, user: User, *, familiar: bool = True) -> PasswordAttempt:
    """One more."""
    counted = await place.passwords.by_email(user.email, familiar=familiar)
    assert counted is not None
    return counted


async def close(place: Place, user: User, *, familiar: bool = True) -> bool:
    """An attempt to be the one who tells."""
    async with place.accounts() as tx:
        return await tx.password_failures.close(user.id, NOW, familiar=familiar)


async def forgive(place: Place, user: User) -> None:
    """Begin anew."""
    async with place.accounts() as tx:
        await tx.password_failures.forgive(user.id)


@BOTH
async def test_as_many_are_admitted_as_may_be(place: Place, familiar: bool) -> None:
    user, most = await place.a_person(), most_failures(familiar=familiar)
    counted = [await attempt(place, user, familiar=familiar) for _ in range(most + 3)]
    assert [a.password_hash is not None for a in counted] == [True] * most + [False] * 3
    assert [a.closing for a in counted] == [False] * (most - 1) + [True] * 4
    assert all((a.user, a.familiar) == (user, familiar) for a in counted)
    other = await attempt(place, user, familiar=not familiar)
    assert (other.password_hash, other.closing) == (user.password_hash, False)


async def test_of_twenty_at_once_none_gets_past_the_last(
    place: Place, race: Race[PasswordAttempt]
) -> None:
    user, left = await place.a_person(), 7
    for _ in range(most_failures(familiar=True) - left):
        await attempt(place, user)
    results = await race(lambda: attempt(place, user))
    counted = [result for result in results if isinstance(result, PasswordAttempt)]
    assert len(counted) == RACERS
    assert sum(one.password_hash is not None for one in counted) == left
    assert sum(one.closing for one in counted) == RACERS - left + 1


async def test_twenty_first_attempts_at_once_are_all_counted(
    place: Place, race: Race[PasswordAttempt]
) -> None:
    user = await place.a_person()
    results = await race(lambda: attempt(place, user))
    assert sum(isinstance(result, PasswordAttempt) for result in results) == RACERS
    assert [one.closing for one in results if isinstance(one, PasswordAttempt)].count(True) == 1
    assert (await attempt(place, user)).password_hash is None


async def test_of_twenty_one_tells_that_it_is_closed(place: Place, race: Race[bool]) -> None:
    user = await place.a_person()
    for _ in range(most_failures(familiar=True) - 1):
        await attempt(place, user)
    assert not await close(place, user)
    await attempt(place, user)
    results = await race(lambda: close(place, user))
    assert sorted(results, key=str) == [False] * (RACERS - 1) + [True]
    assert not (await attempt(place, user)).closing
    assert not await close(place, user, familiar=False)


@BOTH
async def test_what_is_forgiven_begins_anew(place: Place, familiar: bool) -> None:
    user = await place.a_person()
    for _ in range(most_failures(familiar=familiar)):
        await attempt(place, user, familiar=familiar)
    assert await close(place, user, familiar=familiar)
    await forgive(place, user)
    for _ in range(most_failures(familiar=familiar)):
        assert (await attempt(place, user, familiar=familiar)).password_hash is not None
    assert await close(place, user, familiar=familiar)


async def test_a_sign_in_that_is_rolled_back_forgives_nothing(place: Place) -> None:
    user = await place.a_person()
    for _ in range(most_failures(familiar=True)):
        await attempt(place, user)

    async def fail_half_way() -> None:
        async with place.accounts() as tx:
            await tx.password_failures.forgive(user.id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_half_way()
    assert (await attempt(place, user)).password_hash is None


async def test_what_was_not_tried_is_taken_back(place: Place) -> None:
    user = await place.a_person()
    first = await attempt(place, user)
    for _ in range(most_failures(familiar=True) * 2):
        await place.passwords.take_back(await attempt(place, user))
    for _ in range(most_failures(familiar=True) - 1):
        assert (await attempt(place, user)).password_hash is not None
    refused = await attempt(place, user)
    assert refused.password_hash is None
    await place.passwords.take_back(refused)
    assert (await attempt(place, user)).password_hash is None, "it was not counted"
    await place.passwords.take_back(first)
    assert (await attempt(place, user)).password_hash is not None
    assert await close(place, user)
    await place.passwords.take_back(first)
    assert (await attempt(place, user)).password_hash is None, "what is told of stays closed"


async def test_an_address_or_an_id_that_nobody_has(place: Place) -> None:
    nobody = EmailAddress.parse(f"{uuid4().hex}@example.org")
    assert await place.passwords.by_email(nobody, familiar=False) is None
    assert await place.passwords.by_id(UserId(uuid4()), familiar=True) is None
    await place.passwords.take_back(None)


async def test_both_ways_to_name_somebody_count_together(place: Place) -> None:
    user = await place.a_person()
    for _ in range(most_failures(familiar=True)):
        assert await place.passwords.by_id(user.id, familiar=True)
    assert (await attempt(place, user)).password_hash is None


async def test_nothing_is_counted_where_there_is_no_password(place: Place) -> None:
    user = a_user().with_password(None, NOW)
    async with place.accounts() as tx:
        await tx.users.add(user)
    for _ in range(most_failures(familiar=True) + 1):
        counted = await attempt(place, user)
        assert (counted.password_hash, counted.closing) == (None, False)
    assert not await close(place, user)
