"""Where somebody has signed in before, and the message where they have not."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, final

import msgspec

from application.accounts.list_sessions import DeviceNames
from application.accounts.notices import MailingTransaction, notify
from application.shared.ports import NewId
from domain.accounts.session import MAX_NOTICES, NOTICE_PERIOD, Notice
from domain.accounts.user import User
from domain.shared.ids import MailId, UserId
from domain.shared.mail import MailKind
from domain.shared.origin import Origin

# Whoever signs in chooses what their browser calls itself: nothing that a mail program would
# make a link of.
_PLAIN = re.compile(r"[A-Za-z0-9 +_-]+")


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody's sessions say of a network: who has been there, and what was told lately.

    ``exactly`` says that one of them had the very same User-Agent; then the others are not named.
    """

    exactly: bool
    user_agents: tuple[str, ...]
    notices: int


class SessionHistory(Protocol):
    """Sessions that are kept: those that are open, and for a week those that have ended."""

    async def surroundings(
        self, user_id: UserId, network: str | None, user_agent: str | None, since: datetime, /
    ) -> Surroundings:
        """Who was in ``network`` without a notice withheld; notices that were sent ``since``."""
        ...


class HistoryTransaction(MailingTransaction, Protocol):
    """A transaction that sees sessions."""

    @property
    def session_history(self) -> SessionHistory:
        """Sessions that are kept."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class NewSurroundings:
    """The message to the owner that somebody has signed in from where they have not been.

    New is a pair: the kind of device, without its version, and the network, without the host.
    Somewhere that the owner was not told of stays new.
    """

    device_names: DeviceNames
    new_id: NewId

    async def __call__(
        self, tx: HistoryTransaction, user: User, origin: Origin, now: datetime
    ) -> Notice | None:
        """Queue the message where one is due; ``user`` is locked."""
        seen = await tx.session_history.surroundings(
            user.id, origin.network, origin.user_agent, now - NOTICE_PERIOD
        )
        device = self.device_names(origin.user_agent)
        if seen.exactly or device in {self.device_names(other) for other in seen.user_agents}:
            return None
        if seen.notices >= MAX_NOTICES:
            return Notice.WITHHELD
        await notify(
            tx,
            user,
            MailKind.NEW_SIGN_IN,
            MailId(self.new_id()),
            now,
            device=device if _PLAIN.fullmatch(device) else "",
            place=origin.place,
        )
        return Notice.SENT
