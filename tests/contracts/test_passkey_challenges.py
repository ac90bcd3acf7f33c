"""The contract of ``PasskeyChallengeRepository``: a challenge is answered once."""

import secrets
from collections import Counter
from datetime import datetime, timedelta

import pytest

from application.accounts.passkeys import ChallengePurpose
from domain.accounts.passkey import CHALLENGE_LIFETIME
from domain.shared.ids import UserId
from tests.builders.accounts import NOW
from tests.contracts.conftest import RACERS, Place, Race

pytestmark = pytest.mark.anyio

REGISTRATION, ASSERTION = ChallengePurpose.REGISTRATION, ChallengePurpose.ASSERTION


async def a_challenge(
    place: Place,
    purpose: ChallengePurpose = ASSERTION,
    user_id: UserId | None = None,
    now: datetime = NOW,
) -> bytes:
    """The digest of a challenge that is kept."""
    digest = secrets.token_bytes(32)
    async with place.accounts() as tx:
        await tx.passkey_challenges.add(
            digest, purpose, user_id, now, expires_at=now + CHALLENGE_LIFETIME
        )
    return digest


async def use(
    place: Place,
    digest: bytes,
    purpose: ChallengePurpose = ASSERTION,
    user_id: UserId | None = None,
    now: datetime = NOW,
) -> bool:
    """One attempt in a transaction of its own."""
    async with place.accounts() as tx:
        return await tx.passkey_challenges.use(digest, purpose, user_id, now)


async def test_of_twenty_with_one_challenge_exactly_one_uses_it(
    place: Place, race: Race[bool]
) -> None:
    digest = await a_challenge(place)
    assert Counter(await race(lambda: use(place, digest))) == {True: 1, False: RACERS - 1}


async def test_of_twenty_of_one_person_exactly_one_uses_it(place: Place, race: Race[bool]) -> None:
    ada = (await place.a_person()).id
    digest = await a_challenge(place, REGISTRATION, ada)
    results = await race(lambda: use(place, digest, REGISTRATION, ada))
    assert Counter(results) == {True: 1, False: RACERS - 1}


async def test_it_is_for_one_purpose_and_one_person(place: Place) -> None:
    ada, eve = (await place.a_person()).id, (await place.a_person()).id
    hers, anybodys = await a_challenge(place, REGISTRATION, ada), await a_challenge(place)
    assert not await use(place, hers, REGISTRATION, eve)
    assert not await use(place, hers, REGISTRATION, None)
    assert not await use(place, hers, ASSERTION, ada)
    assert not await use(place, anybodys, ASSERTION, ada)
    assert not await use(place, anybodys, REGISTRATION, None)
    assert await use(place, hers, REGISTRATION, ada)
    assert await use(place, anybodys, ASSERTION, None)


async def test_it_is_over_after_five_minutes(place: Place) -> None:
    end = NOW + CHALLENGE_LIFETIME
    digest = await a_challenge(place)
    assert not await use(place, digest, now=end)
    assert await use(place, digest, now=end - timedelta(seconds=1))
    assert not await use(place, secrets.token_bytes(32))


async def test_a_use_that_is_rolled_back_has_not_happened(place: Place) -> None:
    digest = await a_challenge(place)

    async def fail_half_way() -> None:
        async with place.accounts() as tx:
            await tx.passkey_challenges.use(digest, ASSERTION, None, NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_half_way()
    assert await use(place, digest)


async def test_a_new_one_sweeps_out_old_ones_and_no_others(place: Place) -> None:
    old, young = await a_challenge(place), await a_challenge(place, now=NOW + timedelta(minutes=1))
    for _ in range(3):  # other tests leave old ones behind too
        await a_challenge(place, now=NOW + CHALLENGE_LIFETIME)
    assert not await use(place, old)
    assert await use(place, young, now=NOW + CHALLENGE_LIFETIME)
