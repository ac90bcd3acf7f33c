"""The contract of ``LinkRepository``, ``LinkDirectory`` and ``ResetRequestQueue``."""

import hashlib
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from application.accounts.link_ports import ResetRequest
from domain.accounts.email_address import EmailAddress
from domain.accounts.links import LIFETIME, Link, LinkPurpose
from domain.accounts.user import User
from tests.builders.accounts import NOW
from tests.contracts.conftest import RACERS, Place, Race

pytestmark = pytest.mark.anyio

VERIFY, UNDO = LinkPurpose.VERIFY_EMAIL, LinkPurpose.UNDO_EMAIL_CHANGE


def a_digest() -> bytes:
    """Of a secret that nobody needs."""
    return hashlib.sha256(uuid4().bytes).digest()


def a_link(user: User, purpose: LinkPurpose = VERIFY, *, minutes: int = 0) -> Link:
    """Issued some minutes after ``NOW``."""
    now = NOW + timedelta(minutes=minutes)
    return Link.issue(user_id=user.id, purpose=purpose, email=user.email, now=now)


async def issued(place: Place, link: Link) -> bytes:
    """Keep a link; its digest."""
    digest = a_digest()
    async with place.accounts() as tx:
        await tx.links.issue(link, digest)
    return digest


async def use(place: Place, digest: bytes, purpose: LinkPurpose = VERIFY) -> Link | None:
    """An attempt, in a transaction of its own."""
    async with place.accounts() as tx:
        return await tx.links.use(digest, purpose, NOW)


@pytest.mark.parametrize("purpose", LinkPurpose)
async def test_a_link_comes_back_as_it_was_kept_and_once(
    place: Place, purpose: LinkPurpose
) -> None:
    link = a_link(await place.a_person(), purpose)
    digest = await issued(place, link)
    assert await place.links.find(digest, purpose, NOW) == link
    assert await use(place, digest, purpose) == link
    assert await use(place, digest, purpose) is None
    assert await place.links.find(digest, purpose, NOW) is None


async def test_of_twenty_who_follow_a_link_one_gets_it(
    place: Place, race: Race[Link | None]
) -> None:
    link = a_link(await place.a_person())
    digest = await issued(place, link)
    results = await race(lambda: use(place, digest))
    assert results.count(link) == 1
    assert results.count(None) == RACERS - 1


async def test_of_twenty_who_ask_for_a_link_the_last_one_has_the_only_one(
    place: Place, race: Race[bytes]
) -> None:
    user = await place.a_person()

    async def ask() -> bytes:
        digest = a_digest()
        async with place.accounts() as tx:
            await tx.users.get_for_update(user.id)
            await tx.links.issue(a_link(user), digest)
        return digest

    digests = [digest for digest in await race(ask) if isinstance(digest, bytes)]
    assert len(digests) == RACERS
    found = [await place.links.find(digest, VERIFY, NOW) for digest in digests]
    assert len([link for link in found if link]) == 1


async def test_following_and_voiding_at_once_never_wait_for_each_other_in_a_circle(
    place: Place, race: Race[None]
) -> None:
    user = await place.a_person()
    digest = await issued(place, a_link(user))
    turn = iter(range(RACERS))

    async def either() -> None:
        async with place.accounts() as tx:
            if next(turn) % 2:
                await tx.links.use(digest, VERIFY, NOW)
                await tx.users.update(await tx.users.get_for_update(user.id))
            else:
                await tx.users.update(await tx.users.get_for_update(user.id))
                await tx.links.void(user.id)

    assert await race(either) == [None] * RACERS


async def test_unknown_expired_and_of_another_purpose_are_nothing(place: Place) -> None:
    user = await place.a_person()
    expired = await issued(place, a_link(user, minutes=-60))
    assert await use(place, expired) is None
    assert await use(place, a_digest()) is None
    reset = await issued(place, a_link(user, LinkPurpose.RESET_PASSWORD))
    assert await use(place, reset) is None
    assert await place.links.find(reset, VERIFY, NOW) is None


async def test_a_newer_link_voids_the_older_of_its_purpose_and_person_only(place: Place) -> None:
    ada, bob = await place.a_person(), await place.a_person()
    first = await issued(place, a_link(ada))
    others = await issued(place, a_link(bob))
    reset = await issued(place, a_link(ada, LinkPurpose.RESET_PASSWORD))
    second = await issued(place, a_link(ada))
    assert await use(place, first) is None
    assert await use(place, second) is not None
    assert await use(place, others) is not None
    assert await use(place, reset, LinkPurpose.RESET_PASSWORD) is not None


async def test_links_that_undo_stand_side_by_side_and_are_not_voided(place: Place) -> None:
    user = await place.a_person()
    first = await issued(place, a_link(user, UNDO))
    second = await issued(place, a_link(user, UNDO, minutes=1))
    pending = await issued(place, a_link(user, LinkPurpose.CONFIRM_EMAIL_CHANGE))
    async with place.accounts() as tx:
        await tx.links.void(user.id)
    assert await use(place, pending, LinkPurpose.CONFIRM_EMAIL_CHANGE) is None
    async with place.accounts() as tx:
        await tx.links.void_undo_since(user.id, NOW)
    assert await use(place, second, UNDO) is None
    assert await use(place, first, UNDO) is not None


async def test_an_address_is_reserved_while_somebody_can_take_it_back(place: Place) -> None:
    user = await place.a_person()
    later = NOW + LIFETIME[UNDO]
    async with place.accounts() as tx:
        assert not await tx.links.reserved(user.email, NOW)
    digest = await issued(place, a_link(user, UNDO))
    async with place.accounts() as tx:
        assert await tx.links.reserved(user.email, NOW)
        assert not await tx.links.reserved(user.email, NOW, apart_from=user.id)
        assert not await tx.links.reserved(user.email, later)
    await use(place, digest, UNDO)
    async with place.accounts() as tx:
        assert not await tx.links.reserved(user.email, NOW)


async def test_only_what_has_long_expired_is_forgotten(place: Place) -> None:
    user = await place.a_person()
    long_ago = -60 * 24 * 1000
    await issued(place, a_link(user, minutes=long_ago))
    young = await issued(place, a_link(user, UNDO))
    limit = NOW + timedelta(minutes=long_ago + 61)
    async with place.accounts() as tx:
        assert await tx.links.forget(limit) == 1
        assert await tx.links.forget(limit) == 0
    assert await use(place, young, UNDO) is not None


async def test_somebody_is_found_by_address_in_any_case(place: Place) -> None:
    user = await place.a_person()
    async with place.accounts() as tx:
        spelled = EmailAddress.parse(user.email.text.upper())
        assert await tx.users.find_by_email_for_update(spelled) == user
        nobody = EmailAddress.parse(f"{uuid4().hex}@example.org")
        assert await tx.users.find_by_email_for_update(nobody) is None


async def test_twenty_who_look_at_forgotten_passwords_see_each_once(
    place: Place, race: Race[list[str]]
) -> None:
    emails = [f"{uuid4().hex}@example.org" for _ in range(60)]
    request = ResetRequest(
        email=EmailAddress.parse(emails[0]), place="somewhere", muted=True, requested_at=NOW
    )
    for email in emails:
        async with place.accounts() as tx:
            changed = msgspec.structs.replace(request, email=EmailAddress.parse(email))
            await tx.reset_requests.append(changed)

    async def look() -> list[str]:
        seen: list[str] = []
        while True:
            async with place.accounts() as tx:
                taken = await tx.reset_requests.take()
            if taken is None:
                return seen
            assert (taken.place, taken.muted, taken.requested_at) == ("somewhere", True, NOW)
            seen.append(taken.email.text)

    results = await race(look)
    assert not [result for result in results if isinstance(result, BaseException)]
    seen = [email for result in results if isinstance(result, list) for email in result]
    assert sorted(seen) == sorted(emails)


async def test_a_request_comes_back_if_who_looked_at_it_failed(place: Place) -> None:
    request = ResetRequest(
        email=EmailAddress.parse("ada@example.org"), place="", muted=False, requested_at=NOW
    )
    async with place.accounts() as tx:
        await tx.reset_requests.append(request)

    async def fail() -> None:
        async with place.accounts() as tx:
            assert await tx.reset_requests.take() == request
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with place.accounts() as tx:
        assert await tx.reset_requests.take() == request
        assert await tx.reset_requests.take() is None
