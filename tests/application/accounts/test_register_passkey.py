"""Keeping a new passkey."""

from datetime import timedelta

import msgspec
import pytest

from application.accounts.start_passkey_sign_in import SignInStart
from domain.accounts.errors import (
    PasskeyAlreadyRegisteredError,
    PasskeyNotAcceptedError,
    TooManyPasskeysError,
)
from domain.accounts.passkey import CHALLENGE_LIFETIME, MAX_PASSKEYS
from domain.shared.errors import InvalidInputError
from domain.shared.mail import MailKind
from tests.application.passkey_world import PasskeyWorld
from tests.application.world import ORIGIN

pytestmark = pytest.mark.anyio


async def test_a_passkey_is_kept_told_and_mailed(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    kept = await passkeys.passkey(ada)
    assert await passkeys.list_passkeys(ada) == [kept]
    assert (kept.name, kept.transports, kept.last_used_at) == ("Phone", ("internal",), None)
    assert passkeys.happened()[-1] == "passkey_added"
    assert passkeys.database.rows.audit[-1].resource_id == str(kept.id)
    mail = passkeys.database.rows.mails[-1]
    assert (mail.kind, mail.to, mail.values) == (
        "passkey_added",
        "ada@example.org",
        {"name": "Phone"},
    )


async def test_a_challenge_can_be_answered_once(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    made = await passkeys.credential(ada)
    await passkeys.keep(ada, made)
    with pytest.raises(PasskeyNotAcceptedError):
        await passkeys.keep(ada, msgspec.structs.replace(made, id=b"another"))
    assert len(await passkeys.list_passkeys(ada)) == 1


async def test_a_wrong_answer_uses_the_challenge_up(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    made = await passkeys.credential(ada)
    for attempt in (msgspec.structs.replace(made, attestation_object=b""), made):
        with pytest.raises(PasskeyNotAcceptedError):
            await passkeys.keep(ada, attempt)
    assert await passkeys.list_passkeys(ada) == []


async def test_a_challenge_is_for_one_person_one_purpose_and_five_minutes(
    passkeys: PasskeyWorld,
) -> None:
    ada = (await passkeys.ada()).profile.id
    eve = (await passkeys.ada("eve@example.org")).profile.id
    made = await passkeys.credential(ada)
    with pytest.raises(PasskeyNotAcceptedError):
        await passkeys.keep(eve, made)
    options = await passkeys.start_passkey_sign_in(SignInStart(origin=ORIGIN))
    signing_in = msgspec.structs.replace(made, client_data=options.challenge.encode())
    for wrong in (signing_in, msgspec.structs.replace(made, client_data=b"")):
        with pytest.raises(PasskeyNotAcceptedError):
            await passkeys.keep(ada, wrong)
    await passkeys.keep(ada, made)
    late = await passkeys.credential(ada, b"late")
    passkeys.clock.advance(CHALLENGE_LIFETIME)
    with pytest.raises(PasskeyNotAcceptedError):
        await passkeys.keep(ada, late)
    in_time = await passkeys.credential(ada, b"in time")
    passkeys.clock.advance(CHALLENGE_LIFETIME - timedelta(seconds=1))
    await passkeys.keep(ada, in_time)


async def test_an_authenticator_is_registered_once_in_the_whole_service(
    passkeys: PasskeyWorld,
) -> None:
    ada = (await passkeys.ada()).profile.id
    eve = (await passkeys.ada("eve@example.org")).profile.id
    await passkeys.passkey(ada, b"same")
    for actor in (ada, eve):
        with pytest.raises(PasskeyAlreadyRegisteredError):
            await passkeys.passkey(actor, b"same")


async def test_the_twenty_first_is_refused_even_with_a_challenge_from_before(
    passkeys: PasskeyWorld,
) -> None:
    ada = (await passkeys.ada()).profile.id
    spare = await passkeys.credential(ada, b"spare")
    for number in range(MAX_PASSKEYS):
        await passkeys.passkey(ada, f"key-{number}".encode())
    with pytest.raises(TooManyPasskeysError):
        await passkeys.keep(ada, spare)
    assert passkeys.mailed().count(MailKind.PASSKEY_ADDED) == MAX_PASSKEYS


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\nb", "a\u202eb"])
async def test_a_name_that_is_none_is_refused(passkeys: PasskeyWorld, name: str) -> None:
    ada = (await passkeys.ada()).profile.id
    made = await passkeys.credential(ada)
    with pytest.raises(InvalidInputError):
        await passkeys.keep(ada, made, name)
