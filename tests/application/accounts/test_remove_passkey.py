"""Taking a passkey away."""

import pytest

from domain.accounts.errors import (
    InvalidPasskeyError,
    LastSignInMethodError,
    PasskeyNotFoundError,
)
from tests.application.passkey_world import PasskeyWorld

pytestmark = pytest.mark.anyio


async def test_a_passkey_that_is_gone_opens_nothing(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    kept = await passkeys.passkey(ada)
    await passkeys.remove(ada, kept.id)
    assert await passkeys.list_passkeys(ada) == []
    assert passkeys.happened()[-1] == "passkey_removed"
    assert passkeys.mailed()[-1] == "passkey_removed"
    with pytest.raises(InvalidPasskeyError):
        await passkeys.sign_in_by(await passkeys.assertion(ada))
    with pytest.raises(PasskeyNotFoundError):
        await passkeys.remove(ada, kept.id)


async def test_somebody_elses_is_not_found(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    eve = (await passkeys.ada("eve@example.org")).profile.id
    kept = await passkeys.passkey(ada)
    with pytest.raises(PasskeyNotFoundError):
        await passkeys.remove(eve, kept.id)
    assert await passkeys.list_passkeys(ada) == [kept]


async def test_the_last_way_in_stays(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    first, second = await passkeys.passkey(ada, b"first"), await passkeys.passkey(ada, b"second")
    passkeys.without_password(ada)
    await passkeys.remove(ada, first.id)
    before = passkeys.database.rows
    with pytest.raises(LastSignInMethodError):
        await passkeys.remove(ada, second.id)
    assert passkeys.database.rows is before, "a refusal must leave nothing behind"
    await passkeys.sign_in_by(await passkeys.assertion(ada, b"second"))


async def test_a_passkey_under_suspicion_is_no_way_in(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    await passkeys.passkey(ada, b"copied")
    good = await passkeys.passkey(ada, b"good")
    passkeys.without_password(ada)
    await passkeys.sign_in_by(await passkeys.assertion(ada, b"copied", count="2"))
    with pytest.raises(InvalidPasskeyError):
        await passkeys.sign_in_by(await passkeys.assertion(ada, b"copied", count="1"))
    with pytest.raises(LastSignInMethodError):
        await passkeys.remove(ada, good.id)
