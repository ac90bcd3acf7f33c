"""The contracts of second factors, recovery codes and administrators' codes."""

import secrets
from collections import Counter
from datetime import timedelta

import pytest

from tests.builders.accounts import NOW
from tests.contracts.conftest import RACERS, Place, Race

pytestmark = pytest.mark.anyio

SEALED = b"sealed"


async def test_a_factor_waits_until_it_is_confirmed(place: Place) -> None:
    user = await place.a_person()
    async with place.accounts() as tx:
        assert await tx.totp.find(user.id) is None
        assert await tx.totp.start(user.id, b"first", NOW)
        assert await tx.totp.start(user.id, SEALED, NOW + timedelta(minutes=1))
        assert not await tx.totp.use(user.id, 7)
    async with place.accounts() as tx:
        totp = await tx.totp.find(user.id)
        assert totp is not None
        assert (totp.secret_sealed, totp.confirmed) == (SEALED, False)
        assert totp.created_at == NOW + timedelta(minutes=1)
        assert await tx.totp.confirm(user.id, 7, NOW)
        assert not await tx.totp.confirm(user.id, 8, NOW)
        assert not await tx.totp.start(user.id, b"third", NOW)
    found = await place.directory.find_by_id(user.id)
    assert found is not None
    assert found.totp_enabled


async def test_a_code_works_once_and_none_before_it(place: Place) -> None:
    user = await place.a_person()
    async with place.accounts() as tx:
        await tx.totp.start(user.id, SEALED, NOW)
        await tx.totp.confirm(user.id, 7, NOW)
        assert not await tx.totp.use(user.id, 7), "the code that confirmed it is used"
        assert await tx.totp.use(user.id, 9)
        assert not await tx.totp.use(user.id, 9)
        assert not await tx.totp.use(user.id, 8)
        assert await tx.totp.use(user.id, 10)


async def test_of_twenty_with_one_code_one_gets_in(place: Place, race: Race[bool]) -> None:
    user = await place.a_person()
    async with place.accounts() as tx:
        await tx.totp.start(user.id, SEALED, NOW)
        await tx.totp.confirm(user.id, 7, NOW)

    async def use() -> bool:
        async with place.accounts() as tx:
            return await tx.totp.use(user.id, 8)

    assert Counter(await race(use)) == {True: 1, False: RACERS - 1}


async def test_of_twenty_confirmations_one_counts(place: Place, race: Race[bool]) -> None:
    user = await place.a_person()
    async with place.accounts() as tx:
        await tx.totp.start(user.id, SEALED, NOW)

    async def confirm() -> bool:
        async with place.accounts() as tx:
            return await tx.totp.confirm(user.id, 7, NOW)

    assert Counter(await race(confirm)) == {True: 1, False: RACERS - 1}


async def test_a_factor_is_removed_and_says_whether_it_counted(place: Place) -> None:
    user = await place.a_person()
    async with place.accounts() as tx:
        assert not await tx.totp.remove(user.id)
        await tx.totp.start(user.id, SEALED, NOW)
        assert not await tx.totp.remove(user.id)
        await tx.totp.start(user.id, SEALED, NOW)
        await tx.totp.confirm(user.id, 7, NOW)
        assert await tx.totp.remove(user.id)
        assert await tx.totp.find(user.id) is None


async def test_a_recovery_code_works_once_for_its_owner(place: Place) -> None:
    user, other = await place.a_person(), await place.a_person()
    digests = [secrets.token_bytes(32) for _ in range(3)]
    async with place.accounts() as tx:
        await tx.recovery_codes.replace(user.id, digests, NOW)
        assert not await tx.recovery_codes.use(other.id, digests[0], NOW)
        assert await tx.recovery_codes.use(user.id, digests[0], NOW)
        assert not await tx.recovery_codes.use(user.id, digests[0], NOW)
        assert await tx.recovery_codes.remaining(user.id) == 2
        await tx.recovery_codes.replace(user.id, [], NOW)
        assert not await tx.recovery_codes.use(user.id, digests[1], NOW)


async def test_of_twenty_with_one_recovery_code_one_gets_in(place: Place, race: Race[bool]) -> None:
    user, digest = await place.a_person(), secrets.token_bytes(32)
    async with place.accounts() as tx:
        await tx.recovery_codes.replace(user.id, [digest], NOW)

    async def use() -> bool:
        async with place.accounts() as tx:
            return await tx.recovery_codes.use(user.id, digest, NOW)

    assert Counter(await race(use)) == {True: 1, False: RACERS - 1}


async def test_of_twenty_with_one_admin_code_one_becomes_one(
    place: Place, race: Race[bool]
) -> None:
    user, digest = await place.a_person(), secrets.token_bytes(32)
    async with place.accounts() as tx:
        await tx.admin_codes.add(digest, NOW, NOW + timedelta(hours=1))
        assert not await tx.admin_codes.use(digest, user.id, NOW + timedelta(hours=1))

    async def use() -> bool:
        async with place.accounts() as tx:
            return await tx.admin_codes.use(digest, user.id, NOW)

    assert Counter(await race(use)) == {True: 1, False: RACERS - 1}
