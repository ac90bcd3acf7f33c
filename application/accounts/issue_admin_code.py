"""Make a code that turns whoever redeems it into an administrator."""

from dataclasses import dataclass
from datetime import timedelta
from typing import final

from application.accounts.one_time_secrets import OneTimeSecrets
from application.accounts.ports import BeginAccounts
from application.shared.ports import Clock

LIFETIME = timedelta(hours=1)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class IssueAdminCode:
    """Keep the digest of a new code; only who reaches the database can run this."""

    begin: BeginAccounts
    secrets: OneTimeSecrets
    clock: Clock

    async def __call__(self) -> str:
        """The code, this once; it works for an hour."""
        code = self.secrets.for_typing()
        now = self.clock()
        async with self.begin() as tx:
            await tx.admin_codes.add(code.digest, now, now + LIFETIME)
        return code.secret
