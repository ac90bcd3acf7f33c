"""Sending what is due."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from application.accounts.notices import notify
from application.notifications.ports import MailNotSentError
from domain.shared.ids import MailId
from domain.shared.mail import Mail, MailKind
from tests.application.world import World
from tests.builders.accounts import a_user
from tests.fakes.accounts import begin_accounts

pytestmark = pytest.mark.anyio

ADA = a_user(email="ada@example.org")


async def queue(world: World, count: int = 1) -> None:
    """As many notices to Ada."""
    async with begin_accounts(world.database)() as tx:
        for _ in range(count):
            mail_id = MailId(world.new_id())
            await notify(tx, ADA, MailKind.PASSWORD_CHANGED, mail_id, world.clock())


async def test_each_message_is_sent_once_and_forgotten(world: World) -> None:
    await queue(world, 25)
    assert await world.mail.send_mails() == 25
    assert len({mail.id for mail in world.mail.sender.sent}) == len(world.mail.sender.sent) == 25
    assert world.database.rows.mails == []
    assert await world.mail.send_mails() == 0


async def test_after_a_failure_it_waits_one_two_four_minutes(world: World) -> None:
    await queue(world)
    world.mail.sender.refusal = MailNotSentError("timeout")
    pauses = []
    for _ in range(5):
        await world.mail.send_mails()
        (state,) = world.database.rows.mail_states.values()
        pauses.append(state.due_at - world.clock())
        assert await world.mail.send_mails() == 0, "it is not due yet"
        world.clock.now = state.due_at
    assert [pause.total_seconds() / 60 for pause in pauses] == [1, 2, 4, 8, 16]
    world.mail.sender.refusal = None
    assert await world.mail.send_mails() == 1


async def test_after_about_a_day_it_is_given_up_with_a_line_that_says_nothing(
    world: World,
) -> None:
    await queue(world)
    world.mail.sender.refusal = MailNotSentError("timeout")
    queued_at = world.clock()
    while world.database.rows.mails:
        await world.mail.send_mails()
        for state in world.database.rows.mail_states.values():
            world.clock.now = state.due_at
    assert timedelta(hours=18) < world.clock() - queued_at <= timedelta(days=1)
    assert world.mail.journal.lines[-1].startswith("given up")
    assert ADA.email.text not in "".join(world.mail.journal.lines)


async def test_a_link_that_has_expired_is_not_sent(world: World) -> None:
    await world.ada()
    world.clock.advance(timedelta(hours=1))
    assert await world.mail.send_mails() == 0
    assert world.database.rows.mails == []
    assert world.mail.journal.lines == ["given up 1 expired"]


async def test_an_address_that_does_not_exist_is_not_tried_again(world: World) -> None:
    await world.ada()
    world.mail.sender.refusal = MailNotSentError("recipient_550", final=True)
    await world.mail.send_mails()
    assert world.database.rows.mails == []
    assert world.mail.journal.lines == ["given up 1 recipient_550"]


async def test_a_round_ends_with_a_server_that_is_down(world: World) -> None:
    await queue(world, 25)
    world.mail.sender.refusal = MailNotSentError("refused")
    await world.mail.send_mails()
    assert len(world.mail.journal.lines) == 10, "one batch, not all of the queue"


async def test_what_is_cut_off_is_due_at_once_for_somebody_else(world: World) -> None:
    await queue(world)
    begun = asyncio.Event()

    async def hang(_: Mail, __: datetime) -> None:
        begun.set()
        await asyncio.Event().wait()

    sending = asyncio.create_task(replace(world.mail.send_mails, send=hang)())
    await begun.wait()
    assert await world.mail.send_mails() == 0, "it is claimed"
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert await world.mail.send_mails() == 1
