"""Signing in with a passkey."""

from datetime import timedelta

import msgspec
import pytest

from application.accounts.passkey_ceremonies import Assertion
from application.accounts.start_passkey_registration import RegistrationStart
from domain.accounts.errors import InvalidPasskeyError, TooManyAttemptsError
from domain.accounts.passkey import CHALLENGE_LIFETIME, user_handle
from domain.accounts.principal import SignInMethod
from domain.shared.ids import UserId
from domain.shared.mail import MailKind
from tests.application.passkey_world import PasskeyWorld
from tests.fakes.second_factors import FakeTotpRepository

pytestmark = pytest.mark.anyio


async def refused(passkeys: PasskeyWorld, proof: Assertion) -> str:
    """That a proof is refused, and in which words."""
    with pytest.raises(InvalidPasskeyError) as refusal:
        await passkeys.sign_in_by(proof)
    return refusal.value.detail


async def test_a_proof_starts_a_session_of_its_own_by_passkey(passkeys: PasskeyWorld) -> None:
    first = await passkeys.ada()
    ada = first.profile.id
    await passkeys.passkey(ada)
    passkeys.clock.advance(timedelta(minutes=1))
    signed_in = await passkeys.sign_in_by(await passkeys.assertion(ada))
    principal = await passkeys.principal(signed_in)
    assert principal.user_id == ada
    assert principal.session_id is not None
    assert principal.session_id != (await passkeys.principal(first)).session_id
    session = passkeys.database.rows.sessions[principal.session_id]
    assert session.methods == (SignInMethod.PASSKEY,)
    [kept] = await passkeys.list_passkeys(ada)
    assert kept.last_used_at == passkeys.clock()


async def test_a_second_factor_is_not_asked_for_besides(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    await passkeys.passkey(ada)
    async with passkeys.database.transaction() as rows:
        totp = FakeTotpRepository(rows)
        await totp.start(ada, b"sealed", passkeys.clock())
        await totp.confirm(ada, 1, passkeys.clock())
    signed_in = await passkeys.sign_in_by(await passkeys.assertion(ada))
    assert signed_in.profile.totp_enabled


async def test_every_wrong_proof_is_refused_in_the_same_words(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    eve = (await passkeys.ada("eve@example.org")).profile.id
    await passkeys.passkey(ada)
    used = await passkeys.assertion(ada)
    await passkeys.sign_in_by(used)
    late = await passkeys.assertion(ada)
    passkeys.clock.advance(CHALLENGE_LIFETIME)
    registering = await passkeys.start_passkey_registration(RegistrationStart(actor=ada))
    nobody = UserId(passkeys.new_id())
    replace = msgspec.structs.replace
    wrong = [
        used,
        late,
        await passkeys.assertion(ada, challenge="never given out"),
        await passkeys.assertion(ada, challenge=registering.challenge),
        replace(await passkeys.assertion(ada), client_data=b""),
        await passkeys.assertion(ada, b"unknown"),
        await passkeys.assertion(nobody),
        await passkeys.assertion(eve),
        replace(await passkeys.assertion(ada), user_handle=None),
        replace(await passkeys.assertion(ada), user_handle=user_handle(ada)[:15]),
        await passkeys.assertion(ada, signature=b"another key"),
        await passkeys.assertion(ada, count="0+"),
    ]
    assert len({await refused(passkeys, proof) for proof in wrong}) == 1
    assert passkeys.happened().count("session_opened") == 3
    await passkeys.sign_in_by(await passkeys.assertion(ada))


async def test_a_wrong_proof_uses_the_challenge_up(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    await passkeys.passkey(ada)
    proof = await passkeys.assertion(ada)
    await refused(passkeys, msgspec.structs.replace(proof, signature=b"another key"))
    await refused(passkeys, proof)


async def test_a_counter_that_goes_back_brings_the_passkey_under_suspicion(
    passkeys: PasskeyWorld,
) -> None:
    ada = (await passkeys.ada()).profile.id
    kept = await passkeys.passkey(ada)
    for count in ("3", "7"):
        await passkeys.sign_in_by(await passkeys.assertion(ada, count=count))
    words = {await refused(passkeys, await passkeys.assertion(ada, count="7"))}
    [suspect] = await passkeys.list_passkeys(ada)
    assert suspect.suspected_at == passkeys.clock()
    assert passkeys.happened()[-1] == "passkey_suspected"
    assert passkeys.database.rows.audit[-1].resource_id == str(kept.id)
    assert passkeys.mailed()[-1] == "passkey_suspected"
    for count in ("8", "2"):  # neither of the two holders gets in any more
        words.add(await refused(passkeys, await passkeys.assertion(ada, count=count)))
    assert len(words) == 1
    assert passkeys.mailed().count(MailKind.PASSKEY_SUSPECTED) == 1


async def test_a_wrong_signature_raises_no_suspicion(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    await passkeys.passkey(ada)
    await passkeys.sign_in_by(await passkeys.assertion(ada, count="7"))
    await refused(passkeys, await passkeys.assertion(ada, count="1", signature=b"no key"))
    await passkeys.sign_in_by(await passkeys.assertion(ada, count="8"))
    assert "passkey_suspected" not in passkeys.mailed()


async def test_an_address_can_try_sixty_times_in_a_minute(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    await passkeys.passkey(ada)
    right = await passkeys.assertion(ada)
    wrong = await passkeys.assertion(ada, challenge="never given out")
    for _ in range(60):
        await refused(passkeys, wrong)
    with pytest.raises(TooManyAttemptsError):
        await passkeys.sign_in_by(right)
    passkeys.clock.advance(timedelta(minutes=1))
    await passkeys.sign_in_by(right)
