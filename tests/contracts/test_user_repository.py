"""The contract of ``UserRepository``, ``UserDirectory`` and ``ProfileReader``."""

from uuid import uuid4

import pytest

from application.accounts.profile import Profile
from domain.accounts.email_address import EmailAddress
from domain.accounts.errors import AuthenticationRequiredError, EmailAlreadyRegisteredError
from domain.accounts.user import Theme, UserSettings
from domain.shared.ids import UserId
from tests.builders.accounts import NOW, a_user
from tests.contracts.conftest import RACERS, Place, Race

pytestmark = pytest.mark.anyio


async def test_a_user_comes_back_as_it_was_kept(place: Place) -> None:
    user = await place.a_person()
    async with place.accounts() as tx:
        assert await tx.users.get_for_update(user.id) == user
    assert await place.directory.find(user.email) == user
    assert await place.directory.get(user.id) == Profile.of(user)


async def test_an_address_is_taken_whatever_its_case(place: Place) -> None:
    local = uuid4().hex
    async with place.accounts() as tx:
        await tx.users.add(a_user(email=f"{local}@example.org"))
    with pytest.raises(EmailAlreadyRegisteredError):
        async with place.accounts() as tx:
            await tx.users.add(a_user(email=f"{local.upper()}@Example.org"))


async def test_of_twenty_who_register_one_address_one_gets_it(
    place: Place, race: Race[None]
) -> None:
    address = f"{uuid4().hex}@example.org"

    async def register() -> None:
        async with place.accounts() as tx:
            await tx.users.add(a_user(email=address))

    results = await race(register)
    assert results.count(None) == 1
    refused = [result for result in results if isinstance(result, EmailAlreadyRegisteredError)]
    assert len(refused) == RACERS - 1


async def test_every_change_is_kept(place: Place) -> None:
    user = await place.a_person()
    changed = (
        user.renamed("Ada", NOW)
        .with_settings(UserSettings(theme=Theme.DARK, email_notifications=False), NOW)
        .rehashed("$argon2id$stronger", NOW)
    )
    async with place.accounts() as tx:
        await tx.users.update(changed)
    assert await place.directory.find(user.email) == changed


async def test_twenty_changes_of_one_user_do_not_overwrite_each_other(
    place: Place, race: Race[None]
) -> None:
    user = await place.a_person()

    async def count_up() -> None:
        async with place.accounts() as tx:
            now = await tx.users.get_for_update(user.id)
            await tx.users.update(now.renamed(str(int(now.display_name or "0") + 1), NOW))

    assert await race(count_up) == [None] * RACERS
    assert (await place.directory.get(user.id)).display_name == str(RACERS)


async def test_nothing_stays_of_a_transaction_that_raised(place: Place) -> None:
    user = a_user()

    async def fail_half_way() -> None:
        async with place.accounts() as tx:
            await tx.users.add(user)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_half_way()
    assert await place.directory.find(user.email) is None


async def test_somebody_who_is_gone_has_to_sign_in(place: Place) -> None:
    nobody = UserId(uuid4())
    with pytest.raises(AuthenticationRequiredError):
        await place.directory.get(nobody)
    with pytest.raises(AuthenticationRequiredError):
        async with place.accounts() as tx:
            await tx.users.get_for_update(nobody)
    assert await place.directory.find(EmailAddress.parse(f"{nobody}@example.org")) is None
