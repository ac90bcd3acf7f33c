"""Erasing the people whose time has come."""

from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import pytest

from application.privacy.erase_users import EraseUsers
from application.privacy.export_user_data import DataRequest
from application.privacy.ports import BeginPrivacy, PrivacyTransaction
from domain.accounts.errors import AuthenticationRequiredError, InvalidCredentialsError
from domain.shared.mail import MailKind
from tests.application.world import ORIGIN, World
from tests.fakes.privacy import begin_privacy

pytestmark = pytest.mark.anyio


async def test_they_are_gone_and_others_are_not(world: World) -> None:
    ada, eve = await world.ada(), await world.ada("eve@example.org")
    artist = world.artist()
    await world.block(ada.profile.id, artist)
    await world.block(eve.profile.id, artist)
    await world.request_deletion(DataRequest(actor=ada.profile.id, origin=ORIGIN))
    world.clock.advance(timedelta(days=7) - timedelta(seconds=1))
    assert await world.erase_users() == 0
    world.clock.advance(timedelta(seconds=1))
    assert await world.erase_users() == 1
    assert world.database.rows.audit[-1].action == "privacy.user_erased.v1"
    assert await world.erase_users() == 0
    assert [user_id for user_id, _ in world.database.rows.entries] == [eve.profile.id]
    with pytest.raises(InvalidCredentialsError):
        await world.sign_in()
    with pytest.raises(AuthenticationRequiredError):
        await world.get_profile(ada.profile.id)
    farewell = world.database.rows.mails[-1]
    assert (farewell.kind, farewell.to) == (MailKind.DELETION_DONE, "ada@example.org")
    assert farewell.user_id is None


async def test_what_stopped_half_way_is_gone_on_from(world: World) -> None:
    ada = await world.ada()
    artists = [world.artist(f"Artist {number}") for number in range(3)]
    for artist in artists:
        await world.block(ada.profile.id, artist)
    await world.request_deletion(DataRequest(actor=ada.profile.id, origin=ORIGIN))
    world.clock.advance(timedelta(days=7))
    for _ in range(3):  # one entry each time, then the power goes
        with pytest.raises(PowerCutError):
            await EraseUsers(
                begin=failing_after(begin_privacy(world.database), 1),
                clock=world.clock,
                new_id=world.new_id,
                batch=1,
            )()
    assert await world.erase_users() == 1
    assert world.database.rows.entries == {}
    assert world.database.rows.users == {}


class PowerCutError(Exception):
    """Everything stops."""


def failing_after(begin: BeginPrivacy, steps: int) -> BeginPrivacy:
    """As ``begin``, so many times; then the power is cut."""
    left = iter(range(steps))

    def begin_or_fail() -> AbstractAsyncContextManager[PrivacyTransaction]:
        if next(left, None) is None:
            raise PowerCutError
        return begin()

    return begin_or_fail
