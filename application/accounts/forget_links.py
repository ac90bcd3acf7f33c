"""Forget links that nobody can follow any more."""

from dataclasses import dataclass
from datetime import timedelta
from typing import final

from application.accounts.ports import BeginAccounts
from application.shared.ports import Clock

KEPT_AFTER_EXPIRY = timedelta(hours=1)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetLinks:
    """Delete expired links, and with them the former addresses that they name."""

    begin: BeginAccounts
    clock: Clock

    async def __call__(self) -> int:
        """How many there were."""
        async with self.begin() as tx:
            return await tx.links.forget(self.clock() - KEPT_AFTER_EXPIRY)
