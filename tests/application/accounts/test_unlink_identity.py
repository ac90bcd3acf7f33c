"""Identities that are taken away again."""

import asyncio

import pytest

from application.accounts.unlink_identity import IdentityToUnlink
from domain.accounts.errors import LastSignInMethodError
from domain.accounts.provider_errors import IdentityNotFoundError
from domain.shared.ids import IdentityId, UserId
from domain.shared.mail import MailKind
from tests.application.accounts.providers import Browser
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def unlink(world: World, actor: UserId, identity_id: IdentityId) -> None:
    """An attempt."""
    await world.unlink_identity(
        IdentityToUnlink(actor=actor, identity_id=identity_id, origin=ORIGIN)
    )


async def test_who_has_a_password_can_unlink_the_last_one(world: World) -> None:
    person = await world.ada()
    browser = Browser(world)
    await browser.start_link(person)
    await browser.come_back()
    (identity_id,) = world.database.rows.identities
    await unlink(world, person.profile.id, identity_id)
    assert world.database.rows.identities == {}
    assert world.database.rows.mails[-1].kind is MailKind.PROVIDER_UNLINKED
    assert world.database.rows.events[-1].type == "accounts.identity_unlinked.v1"


async def test_the_last_way_in_stays(world: World) -> None:
    person = await Browser(world).sign_in()
    (identity_id,) = world.database.rows.identities
    with pytest.raises(LastSignInMethodError):
        await unlink(world, person.profile.id, identity_id)
    assert list(world.database.rows.identities) == [identity_id]


async def test_of_two_taken_away_at_once_one_stays(world: World) -> None:
    person = await Browser(world).sign_in()
    browser = Browser(world)
    await browser.start_link(person, "github")
    await browser.come_back("github")
    both = list(world.database.rows.identities)
    results = await asyncio.gather(
        *(unlink(world, person.profile.id, one) for one in both), return_exceptions=True
    )
    assert sum(isinstance(result, LastSignInMethodError) for result in results) == 1
    assert len(world.database.rows.identities) == 1


async def test_somebody_elses_is_not_found(world: World) -> None:
    await Browser(world).sign_in()
    (identity_id,) = world.database.rows.identities
    eve = await world.ada("eve@example.org")
    with pytest.raises(IdentityNotFoundError):
        await unlink(world, eve.profile.id, identity_id)
