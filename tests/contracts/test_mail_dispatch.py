"""The contract of ``MailDispatch``.

Each test lives in a month of its own, long ago, so that it sees no messages of other tests.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from adapters.system.new_id import UuidV7
from application.notifications.ports import ClaimedMail
from domain.shared.ids import MailId
from domain.shared.mail import Mail, MailKind
from tests.builders.accounts import NOW
from tests.contracts.conftest import Place, Race

pytestmark = pytest.mark.anyio

MONTH = timedelta(days=30)
MINUTE = timedelta(minutes=1)
new_id = UuidV7()


async def queued(place: Place, now: datetime, count: int = 1) -> list[Mail]:
    """As many messages, a second apart."""
    mails = []
    for number in range(count):
        mail = Mail(
            id=MailId(new_id()),
            user_id=None,
            to="ada@example.org",
            language="en",
            kind=MailKind.PASSWORD_CHANGED,
            values={"place": "here"},
            expires_at=now + MINUTE,
        )
        async with place.accounts() as tx:
            await tx.mails.append(mail, now + timedelta(seconds=number))
        mails.append(mail)
    return mails


async def claim(place: Place, now: datetime, limit: int = 100) -> Sequence[ClaimedMail]:
    """What is due."""
    return await place.dispatch.claim(limit, now, now + 2 * MINUTE)


async def clean(place: Place, now: datetime) -> None:
    """Leave nothing behind that an earlier month's test would see."""
    for claimed in await claim(place, now + MONTH - MINUTE):
        await place.dispatch.remove(claimed.id)


async def test_a_message_is_claimed_as_it_was_queued_oldest_first(place: Place) -> None:
    now = NOW - 100 * MONTH
    mails = await queued(place, now, 3)
    first = await claim(place, now + MINUTE, 2)
    assert [each.mail for each in first] == mails[:2]
    assert [each.attempt for each in first] == [1, 1]
    assert first[1].queued_at == now + timedelta(seconds=1)
    assert [each.mail for each in await claim(place, now + MINUTE)] == mails[2:]
    await clean(place, now)


async def test_what_is_not_due_yet_waits(place: Place) -> None:
    now = NOW - 110 * MONTH
    await queued(place, now)
    assert await claim(place, now - MINUTE) == []
    await clean(place, now)


async def test_nobody_else_gets_a_message_until_the_lease_ends(place: Place) -> None:
    now = NOW - 120 * MONTH
    (mail,) = await queued(place, now)
    await claim(place, now)
    assert await claim(place, now + MINUTE) == []
    (again,) = await claim(place, now + 2 * MINUTE)
    assert (again.mail, again.attempt) == (mail, 2)
    await clean(place, now)


async def test_twenty_workers_claim_each_message_once(
    place: Place, race: Race[Sequence[ClaimedMail]]
) -> None:
    now = NOW - 130 * MONTH
    mails = await queued(place, now, 60)
    results = await race(lambda: claim(place, now + MINUTE, 5))
    assert not [result for result in results if isinstance(result, BaseException)]
    claimed = [each.id for result in results if isinstance(result, Sequence) for each in result]
    claimed += [each.id for each in await claim(place, now + MINUTE)]
    assert sorted(claimed) == [mail.id for mail in mails]
    await clean(place, now)


async def test_a_message_that_was_sent_is_gone(place: Place) -> None:
    now = NOW - 140 * MONTH
    (mail,) = await queued(place, now)
    await claim(place, now)
    await place.dispatch.remove(mail.id)
    assert await claim(place, now + 2 * MINUTE) == []


async def test_a_postponed_message_is_due_when_it_was_said(place: Place) -> None:
    now = NOW - 150 * MONTH
    await queued(place, now)
    (claimed,) = await claim(place, now)
    await place.dispatch.postpone(claimed, now + 10 * MINUTE)
    assert await claim(place, now + 9 * MINUTE) == []
    assert len(await claim(place, now + 10 * MINUTE)) == 1
    await clean(place, now)


async def test_who_was_too_slow_postpones_nothing(place: Place) -> None:
    now = NOW - 160 * MONTH
    await queued(place, now)
    (slow,) = await claim(place, now)
    await claim(place, now + 2 * MINUTE)
    await place.dispatch.postpone(slow, now)
    assert await claim(place, now + 3 * MINUTE) == []
    await clean(place, now)
