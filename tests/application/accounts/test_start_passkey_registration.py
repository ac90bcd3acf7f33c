"""Asking for a new passkey."""

import pytest

from application.accounts.start_passkey_registration import RegistrationStart
from domain.accounts.errors import TooManyAttemptsError, TooManyPasskeysError
from domain.accounts.passkey import MAX_PASSKEYS, user_handle
from tests.application.passkey_world import RELYING_PARTY, PasskeyWorld

pytestmark = pytest.mark.anyio


async def test_the_question_names_the_person_and_what_they_have(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    kept = await passkeys.passkey(ada, b"first")
    options = await passkeys.start_passkey_registration(RegistrationStart(actor=ada))
    assert options.relying_party == RELYING_PARTY
    assert options.user_handle == user_handle(ada)
    assert (options.user_name, options.display_name) == ("ada@example.org", "ada@example.org")
    assert [(p.id, p.key.credential_id) for p in options.known] == [(kept.id, b"first")]
    assert options.challenge not in repr(options)


async def test_only_a_digest_of_the_challenge_is_kept(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    options = await passkeys.start_passkey_registration(RegistrationStart(actor=ada))
    assert list(passkeys.database.rows.passkey_challenges) == [
        passkeys.secrets.digest(options.challenge)
    ]


async def test_there_is_no_question_where_there_is_no_room(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    for number in range(MAX_PASSKEYS):
        await passkeys.passkey(ada, f"key-{number}".encode())
    with pytest.raises(TooManyPasskeysError):
        await passkeys.start_passkey_registration(RegistrationStart(actor=ada))


async def test_nobody_can_pile_up_challenges(passkeys: PasskeyWorld) -> None:
    ada = (await passkeys.ada()).profile.id
    for _ in range(60):
        await passkeys.start_passkey_registration(RegistrationStart(actor=ada))
    with pytest.raises(TooManyAttemptsError):
        await passkeys.start_passkey_registration(RegistrationStart(actor=ada))
    assert len(passkeys.database.rows.passkey_challenges) == 60
