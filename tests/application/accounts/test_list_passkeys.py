"""Reading one's own passkeys."""

from datetime import timedelta

import pytest

from tests.application.passkey_world import PasskeyWorld

pytestmark = pytest.mark.anyio


async def test_everybody_reads_their_own_oldest_first(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    eve = (await passkeys.ada("eve@example.org")).profile.id
    first = await passkeys.passkey(ada, b"first")
    passkeys.clock.advance(timedelta(seconds=1))
    await passkeys.passkey(eve, b"hers")
    second = await passkeys.passkey(ada, b"second")
    assert await passkeys.list_passkeys(ada) == [first, second]
