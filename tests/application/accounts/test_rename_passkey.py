"""Calling a passkey by another name."""

import pytest

from application.accounts.rename_passkey import PasskeyNaming
from domain.accounts.errors import PasskeyNotFoundError
from domain.shared.errors import InvalidInputError
from domain.shared.ids import PasskeyId, UserId
from tests.application.passkey_world import PasskeyWorld
from tests.application.world import ORIGIN

pytestmark = pytest.mark.anyio


def naming(actor: UserId, passkey_id: PasskeyId, name: str) -> PasskeyNaming:
    """A wish for another name."""
    return PasskeyNaming(actor=actor, passkey_id=passkey_id, name=name, origin=ORIGIN)


async def test_a_passkey_gets_another_name(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    kept = await passkeys.passkey(ada)
    renamed = await passkeys.rename_passkey(naming(ada, kept.id, "  Old phone "))
    assert renamed.name == "Old phone"
    assert await passkeys.list_passkeys(ada) == [renamed]
    assert passkeys.happened()[-1] == "passkey_renamed"


async def test_somebody_elses_is_not_found(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    eve = (await passkeys.ada("eve@example.org")).profile.id
    kept = await passkeys.passkey(ada)
    with pytest.raises(PasskeyNotFoundError):
        await passkeys.rename_passkey(naming(eve, kept.id, "Mine"))
    assert await passkeys.list_passkeys(ada) == [kept]


async def test_a_name_that_is_none_is_refused(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    kept = await passkeys.passkey(ada)
    with pytest.raises(InvalidInputError):
        await passkeys.rename_passkey(naming(ada, kept.id, " "))
