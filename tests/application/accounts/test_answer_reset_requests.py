"""Finding out which addresses have an account."""

import pytest

from application.accounts.request_password_reset import ForgottenPassword
from domain.shared.mail import MailKind
from tests.application.world import ORIGIN, World

pytestmark = pytest.mark.anyio


async def test_the_queue_is_emptied(world: World) -> None:
    await world.ada()
    for email in ("ada@example.org", "nobody@example.org", "ada@example.org"):
        await world.mail.request_password_reset(ForgottenPassword(email=email, origin=ORIGIN))
    assert await world.mail.answer_reset_requests() == 3
    assert await world.mail.answer_reset_requests() == 0
    assert len(world.mail.to("ada@example.org", MailKind.RESET_PASSWORD)) == 2


async def test_the_message_says_from_where_it_was_asked_for(world: World) -> None:
    await world.ada()
    await world.mail.forget("ada@example.org")
    (mail,) = world.mail.to("ada@example.org", MailKind.RESET_PASSWORD)
    assert mail.values["place"] == "the network 192.0.2.x"
    assert mail.expires_at is not None
