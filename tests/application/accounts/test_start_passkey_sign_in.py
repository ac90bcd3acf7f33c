"""Asking for a proof by passkey."""

import pytest

from application.accounts.start_passkey_sign_in import SignInStart
from domain.accounts.errors import TooManyAttemptsError
from tests.application.passkey_world import RELYING_PARTY, PasskeyWorld
from tests.application.world import ORIGIN

pytestmark = pytest.mark.anyio


async def test_the_question_is_new_each_time_and_for_anybody(passkeys: PasskeyWorld) -> None:
    start = SignInStart(origin=ORIGIN)
    first = await passkeys.start_passkey_sign_in(start)
    second = await passkeys.start_passkey_sign_in(start)
    assert first.challenge != second.challenge
    assert first.relying_party == RELYING_PARTY
    assert first.challenge not in repr(first)
    kept = passkeys.database.rows.passkey_challenges
    assert kept[passkeys.secrets.digest(first.challenge)].user_id is None


async def test_an_address_can_ask_sixty_times_in_a_minute(passkeys: PasskeyWorld) -> None:
    start = SignInStart(origin=ORIGIN)
    for _ in range(60):
        await passkeys.start_passkey_sign_in(start)
    with pytest.raises(TooManyAttemptsError):
        await passkeys.start_passkey_sign_in(start)
    assert len(passkeys.database.rows.passkey_challenges) == 60
