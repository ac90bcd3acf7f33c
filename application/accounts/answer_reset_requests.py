"""Find out which of the addresses have an account, and send these a link."""

from dataclasses import dataclass
from typing import final

from application.accounts.links import LinkIssue
from application.accounts.ports import BeginAccounts
from application.shared.ports import Clock
from domain.accounts.links import LinkPurpose


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerResetRequests:
    """Empty the queue of forgotten passwords; any number of these may run side by side."""

    begin: BeginAccounts
    issue_link: LinkIssue
    clock: Clock

    async def __call__(self) -> int:
        """How many requests were looked at."""
        answered = 0
        while await self._answer_one():
            answered += 1
        return answered

    async def _answer_one(self) -> bool:
        async with self.begin() as tx:
            request = await tx.reset_requests.take()
            if request is None:
                return False
            user = await tx.users.find_by_email_for_update(request.email)
            if user is not None and not request.muted:
                purpose, now = LinkPurpose.RESET_PASSWORD, self.clock()
                await self.issue_link(tx, user, purpose, user.email, now, place=request.place)
        return True
