"""Send the messages that are due."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import final

from application.notifications.ports import (
    ClaimedMail,
    MailDispatch,
    MailJournal,
    MailNotSentError,
    MailSender,
)
from application.shared.ports import Clock

AT_ONCE = 10
# Longer than any sending takes, so that nobody sends what somebody else is sending.
LEASE = timedelta(minutes=2)
PATIENCE = timedelta(days=1)
LONGEST_PAUSE = timedelta(hours=4)


class _Outcome(Enum):
    SENT = auto()
    DELAYED = auto()
    GIVEN_UP = auto()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SendMails:
    """Empty the queue batch by batch, each message at least once; any number may run at once.

    A message that is not taken is tried again after 1, 2, 4 … minutes, for about a day, or until
    it is of no use any more. What comes after a batch with such a message waits for the next
    call: the server may be down.
    """

    dispatch: MailDispatch
    send: MailSender
    journal: MailJournal
    clock: Clock

    async def __call__(self) -> int:
        """How many were sent."""
        sent = 0
        while True:
            now = self.clock()
            claimed = await self.dispatch.claim(AT_ONCE, now, now + LEASE)
            outcomes = await asyncio.gather(*(self._send(each) for each in claimed))
            sent += outcomes.count(_Outcome.SENT)
            if len(claimed) < AT_ONCE or _Outcome.DELAYED in outcomes:
                return sent

    async def _send(self, claimed: ClaimedMail) -> "_Outcome":
        mail, attempt = claimed.mail, claimed.attempt
        if mail is None:
            return await self._try_later(claimed, "unreadable")
        if mail.expires_at is not None and mail.expires_at <= self.clock():
            return await self._give_up(claimed, "expired")
        try:
            await self.send(mail, claimed.queued_at)
        except MailNotSentError as error:
            if error.final:
                return await self._give_up(claimed, error.reason)
            return await self._try_later(claimed, error.reason)
        except asyncio.CancelledError:
            # This worker ends: somebody else sends it now, and not when the lease is over.
            await self.dispatch.postpone(claimed, self.clock())
            raise
        await self.dispatch.remove(claimed.id)
        self.journal.sent(claimed.id, mail.kind, attempt)
        return _Outcome.SENT

    async def _try_later(self, claimed: ClaimedMail, reason: str) -> "_Outcome":
        doublings = min(claimed.attempt - 1, 10)
        due_at = self.clock() + min(timedelta(minutes=2**doublings), LONGEST_PAUSE)
        if due_at - claimed.queued_at > PATIENCE:
            return await self._give_up(claimed, reason)
        await self.dispatch.postpone(claimed, due_at)
        self.journal.delayed(claimed.id, claimed.attempt, reason)
        return _Outcome.DELAYED

    async def _give_up(self, claimed: ClaimedMail, reason: str) -> "_Outcome":
        await self.dispatch.remove(claimed.id)
        self.journal.given_up(claimed.id, claimed.attempt, reason)
        return _Outcome.GIVEN_UP
