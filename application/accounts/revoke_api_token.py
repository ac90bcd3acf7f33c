"""Take an API token out of use."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.api_token_end import ApiTokenEnd
from application.accounts.ports import BeginAccounts
from application.shared.ports import Clock
from domain.accounts.errors import ApiTokenNotFoundError
from domain.shared.ids import ApiTokenId, UserId
from domain.shared.origin import Origin


class ApiTokenToRevoke(msgspec.Struct, frozen=True, kw_only=True):
    """Whose token is to end, and which one."""

    actor: UserId
    token_id: ApiTokenId
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeApiToken:
    """Revoke it with all its secrets; within five seconds no process accepts it."""

    begin: BeginAccounts
    end_api_token: ApiTokenEnd
    clock: Clock

    async def __call__(self, command: ApiTokenToRevoke, /) -> None:
        """End it; ``ApiTokenNotFoundError`` where there is none, or it is revoked already."""
        async with self.begin() as tx:
            if not await self.end_api_token(
                tx,
                (command.actor, command.token_id),
                reason="revoked",
                origin=command.origin,
                now=self.clock(),
            ):
                raise ApiTokenNotFoundError("It was revoked already, or there was never one.")
