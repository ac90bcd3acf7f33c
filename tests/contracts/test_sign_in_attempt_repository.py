"""The contract of ``SignInAttemptRepository``: each step of a way happens once, in one browser."""

import hashlib
import secrets
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from application.accounts.sign_in_attempts import Purpose, SignInAttempt
from domain.accounts.identity import ATTEMPT_LIFETIME, CODE_LIFETIME, SECOND_FACTOR_LIFETIME
from domain.accounts.session import SESSION_LIFETIME
from domain.shared.ids import SignInAttemptId
from tests.builders.accounts import NOW, a_session, a_token, in_a_week
from tests.contracts.conftest import RACERS, Place, Race

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)


def digest() -> bytes:
    """That of a secret nobody knows."""
    return hashlib.sha256(secrets.token_bytes(32)).digest()


async def an_attempt(place: Place, **other: object) -> SignInAttempt:
    """A browser that has just left."""
    attempt = SignInAttempt(
        id=SignInAttemptId(uuid4()),
        state_digest=digest(),
        browser_digest=digest(),
        provider="example",
        purpose=Purpose.SIGN_IN,
        user_id=None,
        session_id=None,
        return_to="/lists",
        secrets_sealed=b"sealed",
        created_at=NOW,
        expires_at=NOW + ATTEMPT_LIFETIME,
    )
    attempt = msgspec.structs.replace(attempt, **other)
    async with place.accounts() as tx:
        await tx.sign_in_attempts.add(attempt)
    return attempt


async def claim(place: Place, attempt: SignInAttempt, **other: Any) -> SignInAttempt | None:
    """A way back, in a transaction of its own."""
    given: dict[str, Any] = {
        "state": attempt.state_digest,
        "browser": attempt.browser_digest,
        "provider": attempt.provider,
        "now": NOW,
        **other,
    }
    async with place.accounts() as tx:
        return await tx.sign_in_attempts.claim(
            given["state"], given["browser"], given["provider"], given["now"]
        )


async def finished(place: Place) -> tuple[SignInAttempt, bytes]:
    """An attempt that has ended in a code, and the digest of that."""
    attempt, code = await an_attempt(place), digest()
    await claim(place, attempt)
    async with place.accounts() as tx:
        await tx.sign_in_attempts.finish(attempt.id, b"outcome", code, NOW)
    return attempt, code


async def test_of_twenty_ways_back_one_gets_the_attempt(
    place: Place, race: Race[SignInAttempt | None]
) -> None:
    attempt = await an_attempt(place)
    results = await race(lambda: claim(place, attempt))
    assert Counter(r is None for r in results) == {False: 1, True: RACERS - 1}
    assert attempt in results


async def test_another_browser_state_provider_or_time_gets_nothing(place: Place) -> None:
    attempt = await an_attempt(place)
    others: list[dict[str, Any]] = [
        {"state": digest()},
        {"browser": digest()},
        {"provider": "another"},
        {"now": NOW + ATTEMPT_LIFETIME},
    ]
    for other in others:
        assert await claim(place, attempt, **other) is None
    assert await claim(place, attempt, now=NOW + ATTEMPT_LIFETIME - SECOND) == attempt


async def test_who_comes_second_finds_the_outcome_for_a_minute(place: Place) -> None:
    attempt = await an_attempt(place)
    key = (attempt.state_digest, attempt.browser_digest, attempt.provider)
    async with place.accounts() as tx:
        assert await tx.sign_in_attempts.find_used(*key, NOW) is None, "nobody came first"
    await claim(place, attempt)
    async with place.accounts() as tx:
        waiting = await tx.sign_in_attempts.find_used(*key, NOW + SECOND)
        assert waiting is not None
        assert waiting.outcome_sealed is None
        assert await tx.sign_in_attempts.find_used(*key, NOW + timedelta(seconds=30)) is None
        await tx.sign_in_attempts.finish(attempt.id, b"outcome", digest(), NOW)
        soon = await tx.sign_in_attempts.find_used(*key, NOW + CODE_LIFETIME - SECOND)
        assert soon is not None
        assert (soon.outcome_sealed, soon.return_to) == (b"outcome", "/lists")
        assert await tx.sign_in_attempts.find_used(*key, NOW + CODE_LIFETIME) is None
        for place_in_key in range(2):
            other: list[Any] = [*key]
            other[place_in_key] = digest()
            state, browser, provider = other
            assert await tx.sign_in_attempts.find_used(state, browser, provider, NOW) is None
        await tx.sign_in_attempts.complete(attempt.id, NOW)
        assert await tx.sign_in_attempts.find_used(*key, NOW) is None


async def test_a_code_is_presented_in_a_minute_by_the_same_browser(place: Place) -> None:
    attempt, code = await finished(place)
    async with place.accounts() as tx:
        present = tx.sign_in_attempts.present
        assert await present(code, digest(), NOW) is None
        assert await present(digest(), attempt.browser_digest, NOW) is None
        assert await present(code, attempt.browser_digest, NOW + CODE_LIFETIME) is None
        presented = await present(code, attempt.browser_digest, NOW + CODE_LIFETIME - SECOND)
        assert presented is not None
        assert (presented.id, presented.outcome_sealed) == (attempt.id, b"outcome")


async def test_a_code_that_was_presented_waits_for_the_second_factor(place: Place) -> None:
    attempt, code = await finished(place)
    async with place.accounts() as tx:
        present = tx.sign_in_attempts.present
        assert await present(code, attempt.browser_digest, NOW)
        late = NOW + SECOND_FACTOR_LIFETIME
        assert await present(code, attempt.browser_digest, late - SECOND)
        assert await present(code, attempt.browser_digest, late) is None


async def test_of_twenty_one_completes(place: Place, race: Race[bool]) -> None:
    attempt, code = await finished(place)

    async def complete() -> bool:
        async with place.accounts() as tx:
            return await tx.sign_in_attempts.complete(attempt.id, NOW)

    assert Counter(await race(complete)) == {True: 1, False: RACERS - 1}
    async with place.accounts() as tx:
        assert await tx.sign_in_attempts.present(code, attempt.browser_digest, NOW) is None


async def test_a_link_may_end_while_the_session_that_began_it_is_open(place: Place) -> None:
    user = await place.a_person()
    session = a_session(user)
    async with place.accounts() as tx:
        await tx.sessions.open(session, a_token(), token_expires_at=in_a_week())
    attempt = await an_attempt(place, purpose=Purpose.LINK, user_id=user.id, session_id=session.id)
    stranger = msgspec.structs.replace(attempt, user_id=(await place.a_person()).id)
    async with place.accounts() as tx:
        assert await tx.sign_in_attempts.link_may_end(attempt, NOW)
        assert not await tx.sign_in_attempts.link_may_end(stranger, NOW)
        assert not await tx.sign_in_attempts.link_may_end(attempt, NOW + SESSION_LIFETIME)
        await tx.sessions.revoke(user.id, session.id, NOW)
        assert not await tx.sign_in_attempts.link_may_end(attempt, NOW)
