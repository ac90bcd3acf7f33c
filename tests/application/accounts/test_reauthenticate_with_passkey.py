"""Proving again by passkey who one is."""

from datetime import timedelta

import pytest

from domain.accounts.errors import FreshAuthenticationRequiredError, InvalidPasskeyError
from tests.application.passkey_world import PasskeyWorld

pytestmark = pytest.mark.anyio

LATER = timedelta(minutes=11)


async def test_a_proof_makes_the_session_fresh_again(passkeys: PasskeyWorld) -> None:
    signed_in = await passkeys.ada()
    ada = await passkeys.principal(signed_in, "removePasskey")
    await passkeys.passkey(ada.user_id)
    (signed_in,) = await passkeys.later(LATER, signed_in)
    with pytest.raises(FreshAuthenticationRequiredError):
        await passkeys.principal(signed_in, "removePasskey")
    await passkeys.renew(ada, await passkeys.assertion(ada.user_id))
    renewed = await passkeys.principal(signed_in, "removePasskey")
    assert (renewed.session_id, renewed.authenticated_at) == (ada.session_id, passkeys.clock())
    assert passkeys.happened()[-1] == "authentication_renewed"


async def test_somebody_elses_proof_does_not(passkeys: PasskeyWorld) -> None:
    signed_in = await passkeys.ada()
    ada = await passkeys.principal(signed_in)
    eve = (await passkeys.ada("eve@example.org")).profile.id
    await passkeys.passkey(eve)
    (signed_in,) = await passkeys.later(LATER, signed_in)
    with pytest.raises(InvalidPasskeyError):
        await passkeys.renew(ada, await passkeys.assertion(eve))
    with pytest.raises(FreshAuthenticationRequiredError):
        await passkeys.principal(signed_in, "removePasskey")
    assert "authentication_renewed" not in passkeys.happened()


async def test_a_proof_that_signed_in_does_not_count_a_second_time(passkeys: PasskeyWorld) -> None:
    ada = await passkeys.principal(await passkeys.ada())
    await passkeys.passkey(ada.user_id)
    proof = await passkeys.assertion(ada.user_id)
    await passkeys.sign_in_by(proof)
    with pytest.raises(InvalidPasskeyError):
        await passkeys.renew(ada, proof)


async def test_a_counter_that_goes_back_is_noticed_here_too(passkeys: PasskeyWorld) -> None:
    ada = await passkeys.principal(await passkeys.ada())
    await passkeys.passkey(ada.user_id)
    await passkeys.renew(ada, await passkeys.assertion(ada.user_id, count="5"))
    with pytest.raises(InvalidPasskeyError):
        await passkeys.renew(ada, await passkeys.assertion(ada.user_id, count="4"))
    assert passkeys.mailed()[-1] == "passkey_suspected"
