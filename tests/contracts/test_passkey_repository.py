"""The contract of ``PasskeyRepository`` and of its reader."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from application.accounts.passkeys import PasskeySummary
from domain.accounts.errors import (
    PasskeyAlreadyRegisteredError,
    PasskeyNotFoundError,
    TooManyPasskeysError,
)
from domain.accounts.passkey import MAX_PASSKEYS, Passkey
from domain.accounts.user import User
from domain.shared.ids import PasskeyId
from tests.builders.accounts import NOW, a_passkey
from tests.contracts.conftest import RACERS, Place, Race

pytestmark = pytest.mark.anyio


async def add(place: Place, passkey: Passkey) -> None:
    """Keep it in a transaction of its own."""
    async with place.accounts() as tx:
        await tx.passkeys.add(passkey)


async def kept_by(place: Place, user: User) -> list[Passkey]:
    """What somebody has."""
    async with place.accounts() as tx:
        return await tx.passkeys.all_of(user.id)


async def use(place: Place, passkey: Passkey, count: int, *, backed_up: bool = True) -> bool:
    """One use in a transaction of its own."""
    async with place.accounts() as tx:
        return await tx.passkeys.use(passkey.id, count, NOW, backed_up=backed_up)


async def test_what_is_kept_comes_back_oldest_first(place: Place) -> None:
    ada, eve = await place.a_person(), await place.a_person()
    second = a_passkey(ada, now=NOW + timedelta(seconds=1))
    first, hers = a_passkey(ada, sign_count=2**32 - 1), a_passkey(eve)
    for passkey in (second, first, hers):
        await add(place, passkey)
    assert await kept_by(place, ada) == [first, second]
    assert await place.passkeys.list(ada.id) == [PasskeySummary.of(p) for p in (first, second)]


async def test_it_is_found_by_its_owner_and_its_credential_id_together(place: Place) -> None:
    ada, eve = await place.a_person(), await place.a_person()
    passkey = a_passkey(ada)
    await add(place, passkey)
    async with place.accounts() as tx:
        assert await tx.passkeys.find(ada.id, passkey.key.credential_id) == passkey
        assert await tx.passkeys.find(eve.id, passkey.key.credential_id) is None
        assert await tx.passkeys.find(ada.id, b"another") is None


async def test_of_twenty_the_last_places_go_to_as_many_as_there_are(
    place: Place, race: Race[None]
) -> None:
    ada = await place.a_person()
    for _ in range(MAX_PASSKEYS - 3):
        await add(place, a_passkey(ada))
    results = await race(lambda: add(place, a_passkey(ada)))
    refused = [type(result) for result in results if result is not None]
    assert refused == [TooManyPasskeysError] * (RACERS - 3)
    assert len(await kept_by(place, ada)) == MAX_PASSKEYS


async def test_of_twenty_with_one_credential_exactly_one_keeps_it(
    place: Place, race: Race[None]
) -> None:
    people = [await place.a_person() for _ in range(RACERS)]
    credential_id = a_passkey(people[0]).key.credential_id

    def same() -> Passkey:
        passkey = a_passkey(people.pop())
        key = msgspec.structs.replace(passkey.key, credential_id=credential_id)
        return msgspec.structs.replace(passkey, key=key)

    results = await race(lambda: add(place, same()))
    outcomes = Counter(type(result) for result in results)
    assert outcomes == {type(None): 1, PasskeyAlreadyRegisteredError: RACERS - 1}


async def test_a_transaction_goes_on_after_either_refusal(place: Place) -> None:
    ada = await place.a_person()
    passkey = a_passkey(ada)
    async with place.accounts() as tx:
        await tx.passkeys.add(passkey)
        with pytest.raises(PasskeyAlreadyRegisteredError):
            await tx.passkeys.add(msgspec.structs.replace(passkey, id=PasskeyId(uuid4())))
        for _ in range(MAX_PASSKEYS - 1):
            await tx.passkeys.add(a_passkey(ada))
        with pytest.raises(TooManyPasskeysError):
            await tx.passkeys.add(a_passkey(ada))
    assert len(await kept_by(place, ada)) == MAX_PASSKEYS


async def test_a_counter_goes_forward_only(place: Place) -> None:
    ada = await place.a_person()
    passkey = a_passkey(ada, sign_count=5)
    await add(place, passkey)
    assert [await use(place, passkey, count) for count in (5, 4, 0)] == [False] * 3
    assert await use(place, passkey, 6)
    assert not await use(place, passkey, 6)
    [after] = await kept_by(place, ada)
    assert (after.key.sign_count, after.key.backed_up, after.last_used_at) == (6, True, NOW)


async def test_a_counter_that_counts_nothing_stays_at_zero(place: Place) -> None:
    passkey = a_passkey(await place.a_person())
    await add(place, passkey)
    assert [await use(place, passkey, 0) for _ in range(2)] == [True, True]
    assert await use(place, passkey, 1)
    assert not await use(place, passkey, 0)


async def test_of_twenty_with_one_count_exactly_one_is_a_use(
    place: Place, race: Race[bool]
) -> None:
    passkey = a_passkey(await place.a_person(), sign_count=1)
    await add(place, passkey)
    assert Counter(await race(lambda: use(place, passkey, 2))) == {True: 1, False: RACERS - 1}


async def test_a_passkey_under_suspicion_is_of_no_use(place: Place, race: Race[bool]) -> None:
    ada = await place.a_person()
    passkey = a_passkey(ada)
    await add(place, passkey)

    async def suspect() -> bool:
        async with place.accounts() as tx:
            return await tx.passkeys.suspect(passkey.id, NOW)

    assert Counter(await race(suspect)) == {True: 1, False: RACERS - 1}
    assert not await use(place, passkey, 0)
    assert not await use(place, passkey, 9)
    assert [p.suspected_at for p in await kept_by(place, ada)] == [NOW]


async def test_only_its_owner_renames_and_removes_it(place: Place) -> None:
    ada, eve = await place.a_person(), await place.a_person()
    passkey = a_passkey(ada)
    await add(place, passkey)
    async with place.accounts() as tx:
        for who, which in ((eve.id, passkey.id), (ada.id, PasskeyId(uuid4()))):
            with pytest.raises(PasskeyNotFoundError):
                await tx.passkeys.rename(who, which, "Mine")
            with pytest.raises(PasskeyNotFoundError):
                await tx.passkeys.remove(who, which)
        renamed = await tx.passkeys.rename(ada.id, passkey.id, "Old phone")
        assert renamed == msgspec.structs.replace(passkey, name="Old phone")
        assert await tx.passkeys.remove(ada.id, passkey.id) == renamed
    assert await kept_by(place, ada) == []
