"""The contract of ``IdentityRepository``: one account for each issuer and subject."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest

from domain.accounts.identity import Identity
from domain.accounts.provider_errors import IdentityAlreadyLinkedError
from domain.accounts.user import User
from domain.shared.ids import IdentityId
from tests.builders.accounts import NOW
from tests.contracts.conftest import RACERS, Place, Race

pytestmark = pytest.mark.anyio

ISSUER = "https://id.example"


def an_identity(user: User, *, issuer: str = ISSUER, subject: str | None = None) -> Identity:
    """Somebody at a provider."""
    return Identity(
        id=IdentityId(uuid4()),
        user_id=user.id,
        provider="example",
        issuer=issuer,
        subject=subject or uuid4().hex,
        email="a@example.org",
        created_at=NOW,
        last_used_at=NOW,
    )


async def add(place: Place, identity: Identity) -> None:
    """Keep one."""
    async with place.accounts() as tx:
        await tx.identities.add(identity)


async def test_it_is_found_by_issuer_and_subject_together(place: Place) -> None:
    identity = an_identity(await place.a_person())
    await add(place, identity)
    async with place.accounts() as tx:
        assert await tx.identities.find(ISSUER, identity.subject) == identity
        assert await tx.identities.find("https://evil.example", identity.subject) is None
        assert await tx.identities.find(ISSUER, identity.subject.upper()) is None
        assert await tx.identities.find(ISSUER, f"{identity.subject} ") is None


async def test_a_subject_at_two_issuers_is_two_people(place: Place) -> None:
    ada, eve = await place.a_person(), await place.a_person()
    first = an_identity(ada)
    await add(place, first)
    await add(place, an_identity(eve, issuer="https://other.example", subject=first.subject))


async def test_of_twenty_who_link_the_same_one_has_it(place: Place, race: Race[None]) -> None:
    people = [await place.a_person() for _ in range(RACERS)]
    subject = uuid4().hex
    identities = [an_identity(person, subject=subject) for person in people]
    results = await race(lambda: add(place, identities.pop()))
    assert Counter(map(type, results)) == {type(None): 1, IdentityAlreadyLinkedError: RACERS - 1}


async def test_using_it_is_noted_for_its_owner_only(place: Place) -> None:
    ada, eve = await place.a_person(), await place.a_person()
    identity = an_identity(ada)
    await add(place, identity)
    later = NOW + timedelta(hours=1)
    async with place.accounts() as tx:
        assert await tx.identities.use(ISSUER, identity.subject, ada.id, later)
        assert not await tx.identities.use(ISSUER, identity.subject, eve.id, later)
    (shown,) = await place.identities.all_of(ada.id)
    assert shown.last_used_at == later


async def test_nobody_takes_away_what_is_somebody_elses(place: Place) -> None:
    ada, eve = await place.a_person(), await place.a_person()
    identity = an_identity(ada)
    await add(place, identity)
    async with place.accounts() as tx:
        assert await tx.identities.remove(eve.id, identity.id) is None
        assert await tx.identities.count(ada.id) == 1
        assert await tx.identities.remove(ada.id, identity.id) == identity
        assert await tx.identities.count(ada.id) == 0
        assert await tx.identities.find(ISSUER, identity.subject) is None


async def test_all_of_one_person_can_be_taken_away(place: Place) -> None:
    ada, eve = await place.a_person(), await place.a_person()
    mine, others = [an_identity(ada), an_identity(ada)], an_identity(eve)
    for identity in (*mine, others):
        await add(place, identity)
    async with place.accounts() as tx:
        removed = await tx.identities.remove_since(ada.id, NOW)
    assert {identity.id for identity in removed} == {identity.id for identity in mine}
    assert await place.identities.all_of(ada.id) == []
    assert await place.identities.all_of(eve.id) == [others]


async def test_they_are_shown_oldest_first(place: Place) -> None:
    ada = await place.a_person()
    for identity in (an_identity(ada), an_identity(ada), an_identity(ada)):
        await add(place, identity)
    shown = await place.identities.all_of(ada.id)
    assert [i.id for i in shown] == sorted(i.id for i in shown)
    assert len(shown) == 3
