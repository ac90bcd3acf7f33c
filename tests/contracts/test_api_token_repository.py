"""The contract of ``ApiTokenRepository`` and of what reads the same tokens."""

import secrets as randomness
from collections import Counter
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from application.accounts.api_tokens import ApiTokenGrant
from domain.accounts.api_token import MAX_API_TOKENS, ApiToken
from domain.accounts.api_token_text import ApiTokenText, TokenEnvironment
from domain.accounts.errors import (
    ApiTokenNotFoundError,
    ApiTokenRotationUnderWayError,
    TooManyApiTokensError,
)
from domain.accounts.principal import Scope
from domain.accounts.role import Role
from domain.accounts.user import User
from domain.shared.ids import ApiTokenId
from tests.builders.accounts import NOW
from tests.contracts.conftest import RACERS, Place, Race

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


def a_text(token_id: ApiTokenId | None = None) -> ApiTokenText:
    """A token that nobody else has."""
    return ApiTokenText.of(
        TokenEnvironment.DEV, token_id or ApiTokenId(uuid4()), randomness.token_bytes(32)
    )


async def a_token_of(
    place: Place, owner: User, *, days: int = 30, now: datetime = NOW
) -> tuple[ApiToken, ApiTokenText]:
    """A token, as a use case keeps it: under the lock on its owner."""
    text = a_text()
    token = ApiToken.issue(
        text,
        user_id=owner.id,
        name="Home server",
        scopes=(Scope.LIST_READ, Scope.CATALOG_READ),
        days=days,
        requests_per_minute=30,
        now=now,
    )
    async with place.accounts() as tx:
        await tx.users.get_for_update(owner.id)
        await tx.api_tokens.add(token, text.digest)
    return token, text


async def rotate(
    place: Place,
    token: ApiToken,
    successor: ApiTokenText | None = None,
    *,
    overlap: timedelta = DAY,
    now: datetime = NOW,
) -> ApiToken:
    """One rotation in a transaction of its own."""
    async with place.accounts() as tx:
        return await tx.api_tokens.rotate(
            token.user_id, successor or a_text(token.id), now, overlap=overlap
        )


async def grant_of(place: Place, token: ApiToken) -> ApiTokenGrant:
    """What it opens, asked anew."""
    place.api_tokens.forget(token.id)
    grant = await place.api_tokens.find(token.id)
    assert grant is not None
    return grant


async def test_what_is_kept_is_shown_and_opens_what_it_should(place: Place) -> None:
    owner = await place.a_person()
    token, text = await a_token_of(place, owner)
    assert await place.api_token_reader.list(owner.id) == [token]
    grant = await grant_of(place, token)
    assert (grant.user_id, grant.role) == (owner.id, Role.MEMBER)
    assert grant.scopes == token.scopes
    assert grant.requests_per_minute == 30
    assert grant.expiry_of(text.digest) == token.expires_at
    assert grant.expiry_of(a_text().digest) is None


async def test_the_newest_is_shown_first_and_nobody_elses(place: Place) -> None:
    owner, other = await place.a_person(), await place.a_person()
    tokens = [(await a_token_of(place, owner, now=NOW + n * DAY))[0] for n in range(3)]
    await a_token_of(place, other)
    assert await place.api_token_reader.list(owner.id) == tokens[::-1]


async def test_of_twenty_racing_for_the_last_place_exactly_one_gets_it(
    place: Place, race: Race[object]
) -> None:
    owner = await place.a_person()
    for _ in range(MAX_API_TOKENS - 1):
        await a_token_of(place, owner)
    results = await race(lambda: a_token_of(place, owner))
    kinds = Counter(type(result) for result in results)
    assert kinds == {tuple: 1, TooManyApiTokensError: RACERS - 1}
    assert len(await place.api_token_reader.list(owner.id)) == MAX_API_TOKENS


async def test_tokens_that_ended_take_no_place_and_do_not_pile_up(place: Place) -> None:
    owner = await place.a_person()
    for n in range(MAX_API_TOKENS):
        token, _ = await a_token_of(place, owner, days=1 if n % 2 else 9)
        if not n % 2:
            async with place.accounts() as tx:
                assert await tx.api_tokens.revoke(owner.id, token.id, NOW)
    active = [(await a_token_of(place, owner, now=NOW + DAY))[0] for _ in range(MAX_API_TOKENS)]
    with pytest.raises(TooManyApiTokensError):
        await a_token_of(place, owner, now=NOW + DAY)
    assert len(await place.api_token_reader.list(owner.id)) == 2 * MAX_API_TOKENS
    for token in active[:3]:
        async with place.accounts() as tx:
            assert await tx.api_tokens.revoke(owner.id, token.id, NOW + 2 * DAY)
        await a_token_of(place, owner, now=NOW + 2 * DAY)
    shown = await place.api_token_reader.list(owner.id)
    assert len(shown) == 2 * MAX_API_TOKENS
    assert {token.id for token in active} <= {token.id for token in shown}, "the oldest went"


async def test_of_twenty_racing_to_rotate_exactly_one_does_and_two_secrets_work(
    place: Place, race: Race[ApiToken]
) -> None:
    owner = await place.a_person()
    token, text = await a_token_of(place, owner)
    successors = [a_text(token.id) for _ in range(RACERS)]
    waiting = iter(successors)
    results = await race(lambda: rotate(place, token, next(waiting)))
    kinds = Counter(type(result) for result in results)
    assert kinds == {ApiToken: 1, ApiTokenRotationUnderWayError: RACERS - 1}
    grant = await grant_of(place, token)
    assert grant.expiry_of(text.digest) == NOW + DAY
    working = [s for s in successors if grant.expiry_of(s.digest) is not None]
    (rotated,) = await place.api_token_reader.list(owner.id)
    assert [s.last_four for s in working] == [rotated.last_four]


async def test_of_twenty_racing_to_rotate_without_overlap_one_secret_works(
    place: Place, race: Race[ApiToken]
) -> None:
    token, text = await a_token_of(place, await place.a_person())
    successors = [a_text(token.id) for _ in range(RACERS)]
    waiting = iter(successors)
    results = await race(lambda: rotate(place, token, next(waiting), overlap=timedelta()))
    assert Counter(type(result) for result in results) == {ApiToken: RACERS}
    grant = await grant_of(place, token)
    assert len([s for s in successors if grant.expiry_of(s.digest) is not None]) == 1
    assert grant.expiry_of(text.digest) is None


async def test_a_rotation_answers_what_is_shown_afterwards(place: Place) -> None:
    owner = await place.a_person()
    token, text = await a_token_of(place, owner, days=30)
    later = NOW + 10 * DAY
    successor = a_text(token.id)
    rotated = await rotate(place, token, successor, overlap=DAY / 2, now=later)
    assert [rotated] == await place.api_token_reader.list(owner.id)
    assert rotated.last_four == successor.last_four
    assert rotated.rotated_at == later
    assert rotated.created_at == token.created_at
    assert rotated.expires_at == later + 30 * DAY
    assert rotated.previous_expires_at == later + DAY / 2
    grant = await grant_of(place, token)
    assert grant.expiry_of(successor.digest) == later + 30 * DAY
    assert grant.expiry_of(text.digest) == later + DAY / 2
    again = await rotate(place, token, now=NOW + 20 * DAY)
    assert again.expires_at == NOW + 50 * DAY, "a rotated one gets no longer a life than it had"


async def test_the_secret_before_never_outlives_its_own_time(place: Place) -> None:
    token, text = await a_token_of(place, await place.a_person(), days=1)
    await rotate(place, token, now=NOW + DAY / 2)
    assert (await grant_of(place, token)).expiry_of(text.digest) == NOW + DAY


async def test_when_the_overlap_has_ended_the_next_rotation_begins(place: Place) -> None:
    token, text = await a_token_of(place, await place.a_person())
    second, third = a_text(token.id), a_text(token.id)
    await rotate(place, token, second)
    with pytest.raises(ApiTokenRotationUnderWayError):
        await rotate(place, token, third, now=NOW + DAY - timedelta(microseconds=1))
    await rotate(place, token, third, now=NOW + DAY)
    grant = await grant_of(place, token)
    assert grant.expiry_of(text.digest) is None
    assert grant.expiry_of(second.digest) == NOW + 2 * DAY
    assert grant.expiry_of(third.digest) == NOW + 31 * DAY


async def test_only_its_owner_rotates_a_token_and_only_while_it_can_be_used(place: Place) -> None:
    eve = await place.a_person()
    token, text = await a_token_of(place, await place.a_person())
    async with place.accounts() as tx:
        with pytest.raises(ApiTokenNotFoundError):
            await tx.api_tokens.rotate(eve.id, a_text(token.id), NOW, overlap=DAY)
    with pytest.raises(ApiTokenNotFoundError):
        await rotate(place, token, now=token.expires_at)
    assert (await grant_of(place, token)).expiry_of(text.digest) == token.expires_at
    async with place.accounts() as tx:
        assert await tx.api_tokens.revoke(token.user_id, token.id, NOW)
    with pytest.raises(ApiTokenNotFoundError):
        await rotate(place, token)
    with pytest.raises(ApiTokenNotFoundError):
        await rotate(place, token, overlap=timedelta())


async def test_of_twenty_who_revoke_a_token_exactly_one_does(
    place: Place, race: Race[bool]
) -> None:
    token, _ = await a_token_of(place, await place.a_person())

    async def revoke() -> bool:
        async with place.accounts() as tx:
            return await tx.api_tokens.revoke(token.user_id, token.id, NOW)

    assert Counter(await race(revoke)) == {True: 1, False: RACERS - 1}
    place.api_tokens.forget(token.id)
    assert await place.api_tokens.find(token.id) is None


async def test_nobody_revokes_somebody_elses(place: Place) -> None:
    eve = await place.a_person()
    token, _ = await a_token_of(place, await place.a_person())
    async with place.accounts() as tx:
        assert not await tx.api_tokens.revoke(eve.id, token.id, NOW)
        assert await tx.api_tokens.revoke_all(eve.id, NOW) == []
    assert (await grant_of(place, token)).user_id == token.user_id


async def test_all_that_can_be_used_end_together(place: Place) -> None:
    owner = await place.a_person()
    ended, _ = await a_token_of(place, owner, days=1)
    tokens = [(await a_token_of(place, owner))[0] for _ in range(3)]
    async with place.accounts() as tx:
        assert set(await tx.api_tokens.revoke_all(owner.id, NOW + DAY)) == {t.id for t in tokens}
    shown = {token.id: token for token in await place.api_token_reader.list(owner.id)}
    assert shown[ended.id].revoked_at is None
    assert {shown[token.id].revoked_at for token in tokens} == {NOW + DAY}


async def test_a_revoked_token_that_is_noted_opens_nothing_at_once(place: Place) -> None:
    token, _ = await a_token_of(place, await place.a_person())
    assert await place.api_tokens.find(token.id)
    async with place.accounts() as tx:
        await tx.api_tokens.revoke(token.user_id, token.id, NOW)
    place.api_tokens.note_end(token.id)
    assert await place.api_tokens.find(token.id) is None


async def test_an_unknown_token_opens_nothing(place: Place) -> None:
    assert await place.api_tokens.find(ApiTokenId(uuid4())) is None


async def test_a_use_is_kept_to_the_minute(place: Place) -> None:
    owner = await place.a_person()
    token, _ = await a_token_of(place, owner)

    async def kept_after_use(seconds: int) -> datetime | None:
        place.api_token_uses.note(token.id, NOW + timedelta(seconds=seconds))
        await place.api_token_uses.settle()
        return (await place.api_token_reader.list(owner.id))[0].last_used_at

    assert await kept_after_use(0) == NOW
    assert await kept_after_use(59) == NOW
    assert await kept_after_use(60) == NOW + timedelta(seconds=60)
    place.api_token_uses.note(ApiTokenId(uuid4()), NOW)
    await place.api_token_uses.settle()
