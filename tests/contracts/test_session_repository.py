"""The contract of ``SessionRepository``: a refresh token is used once (RFC 9700, 4.14.2)."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from application.accounts.ports import RefreshToken, Rotation, RotationOutcome
from domain.accounts.session import MAX_SESSIONS, RETRY_GRACE, SESSION_LIFETIME, Session
from tests.builders.accounts import NOW, a_session, a_token, in_a_week
from tests.contracts.conftest import RACERS, Place, Race

pytestmark = pytest.mark.anyio

LATER = RETRY_GRACE + timedelta(seconds=1)


async def signed_in(
    place: Place, *, expires_at: datetime | None = None
) -> tuple[Session, RefreshToken]:
    """A session of somebody new, with its first token."""
    session, token = a_session(await place.a_person()), a_token()
    async with place.accounts() as tx:
        await tx.sessions.open(session, token, token_expires_at=expires_at or in_a_week())
    return session, token


async def rotate(
    place: Place, token: RefreshToken, successor: RefreshToken, now: datetime = NOW
) -> Rotation | None:
    """One rotation in a transaction of its own."""
    async with place.accounts() as tx:
        return await tx.sessions.rotate(
            token.digest, successor, now=now, successor_expires_at=now + timedelta(days=365)
        )


def outcome(rotation: Rotation | None) -> RotationOutcome | None:
    """Only what became of it."""
    return None if rotation is None else rotation.outcome


async def test_an_unused_token_is_rotated_and_so_is_its_successor(place: Place) -> None:
    session, token = await signed_in(place)
    second, third = a_token(), a_token()
    expected = Rotation(
        outcome=RotationOutcome.ROTATED, session_id=session.id, user_id=session.user_id
    )
    assert await rotate(place, token, second) == expected
    assert await rotate(place, second, third) == expected


async def test_of_twenty_with_one_token_exactly_one_rotates_it(
    place: Place, race: Race[Rotation | None]
) -> None:
    _, token = await signed_in(place)
    successor = a_token()
    results = await race(lambda: rotate(place, token, successor))
    outcomes = Counter(outcome(r) if isinstance(r, Rotation) else repr(r) for r in results)
    assert outcomes == {RotationOutcome.ROTATED: 1, RotationOutcome.REPEATED: RACERS - 1}


async def test_of_twenty_with_other_successors_exactly_one_rotates_it(
    place: Place, race: Race[Rotation | None]
) -> None:
    _, token = await signed_in(place)
    results = await race(lambda: rotate(place, token, a_token()))
    outcomes = Counter(outcome(r) if isinstance(r, Rotation) else repr(r) for r in results)
    assert outcomes == {RotationOutcome.ROTATED: 1, RotationOutcome.REUSED: RACERS - 1}


async def test_a_token_that_comes_back_at_once_is_a_repetition(place: Place) -> None:
    _, token = await signed_in(place)
    successor = a_token()
    await rotate(place, token, successor)
    soon = NOW + RETRY_GRACE - timedelta(seconds=1)
    assert outcome(await rotate(place, token, successor, soon)) is RotationOutcome.REPEATED


async def test_a_token_that_comes_back_later_is_reused(place: Place) -> None:
    session, token = await signed_in(place)
    successor = a_token()
    await rotate(place, token, successor)
    assert await rotate(place, token, successor, NOW + LATER) == Rotation(
        outcome=RotationOutcome.REUSED, session_id=session.id, user_id=session.user_id
    )


async def test_a_used_token_is_reused_even_after_it_has_expired(place: Place) -> None:
    _, token = await signed_in(place, expires_at=NOW + timedelta(seconds=5))
    successor = a_token()
    await rotate(place, token, successor)
    late = NOW + timedelta(days=1)
    assert outcome(await rotate(place, token, successor, late)) is RotationOutcome.REUSED


async def test_a_token_that_comes_back_after_its_successor_was_used_is_reused(
    place: Place,
) -> None:
    _, token = await signed_in(place)
    second = a_token()
    await rotate(place, token, second)
    await rotate(place, second, a_token())
    assert outcome(await rotate(place, token, second)) is RotationOutcome.REUSED


async def test_a_token_with_another_successor_is_reused(place: Place) -> None:
    _, token = await signed_in(place)
    await rotate(place, token, a_token())
    assert outcome(await rotate(place, token, a_token())) is RotationOutcome.REUSED


async def test_an_unknown_or_expired_token_is_nothing(place: Place) -> None:
    _, token = await signed_in(place, expires_at=NOW)
    assert await rotate(place, token, a_token()) is None
    assert await rotate(place, a_token(), a_token()) is None


async def test_no_token_of_a_session_that_is_over_is_anything(place: Place) -> None:
    session, used = await signed_in(place)
    unused = a_token()
    await rotate(place, used, unused)
    end = NOW + SESSION_LIFETIME
    assert await rotate(place, unused, a_token(), end) is None
    assert await rotate(place, used, unused, end) is None
    async with place.accounts() as tx:
        assert await tx.sessions.revoke(session.user_id, session.id, NOW)
    assert await rotate(place, unused, a_token()) is None
    assert await rotate(place, used, unused) is None


async def test_a_session_is_revoked_once(place: Place, race: Race[bool]) -> None:
    session, _ = await signed_in(place)

    async def revoke() -> bool:
        async with place.accounts() as tx:
            return await tx.sessions.revoke(session.user_id, session.id, NOW)

    assert Counter(await race(revoke)) == {True: 1, False: RACERS - 1}


async def test_a_revocation_leaves_other_sessions_alone(place: Place) -> None:
    (session, _), (_, token) = await signed_in(place), await signed_in(place)
    async with place.accounts() as tx:
        await tx.sessions.revoke(session.user_id, session.id, NOW)
    assert outcome(await rotate(place, token, a_token())) is RotationOutcome.ROTATED


async def test_a_rotation_that_is_rolled_back_has_not_happened(place: Place) -> None:
    _, token = await signed_in(place)

    async def fail_half_way() -> None:
        async with place.accounts() as tx:
            await tx.sessions.rotate(
                token.digest, a_token(), now=NOW, successor_expires_at=in_a_week()
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_half_way()
    assert outcome(await rotate(place, token, a_token())) is RotationOutcome.ROTATED


async def test_all_but_one_are_revoked_and_nobody_elses(place: Place) -> None:
    user, (other, _) = await place.a_person(), await signed_in(place)
    mine = [a_session(user) for _ in range(3)]
    async with place.accounts() as tx:
        for session in mine:
            await tx.sessions.open(session, a_token(), token_expires_at=in_a_week())
        ended = await tx.sessions.revoke_all(user.id, NOW, keep=mine[1].id)
        assert set(ended) == {mine[0].id, mine[2].id}
        assert await tx.sessions.revoke_all(user.id, NOW) == [mine[1].id]
        assert not await tx.sessions.revoke(user.id, other.id, NOW), "it is another person's"
        assert await tx.sessions.revoke(other.user_id, other.id, NOW)


async def test_of_twenty_one_sessions_the_one_idle_longest_ends(place: Place) -> None:
    user = await place.a_person()
    opened = [a_session(user, now=NOW + timedelta(minutes=n)) for n in range(MAX_SESSIONS + 1)]
    async with place.accounts() as tx:
        for session in opened:
            await tx.sessions.open(session, a_token(), token_expires_at=in_a_week())
        later = NOW + timedelta(hours=1)
        assert not await tx.sessions.revoke(user.id, opened[0].id, later)
        assert await tx.sessions.revoke(user.id, opened[1].id, later)


async def test_fifty_sign_ins_at_once_leave_twenty_sessions(place: Place, race: Race[None]) -> None:
    user = await place.a_person()

    async def sign_in() -> None:
        async with place.accounts() as tx:
            await tx.users.get_for_update(user.id)
            await tx.sessions.open(a_session(user), a_token(), token_expires_at=in_a_week())

    await race(sign_in)
    await race(sign_in)
    async with place.accounts() as tx:
        assert len(await tx.sessions.revoke_all(user.id, NOW)) == MAX_SESSIONS
