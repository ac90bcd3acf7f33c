"""Read one's API tokens."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.api_tokens import ApiTokenReader
from application.shared.ports import Clock
from domain.accounts.api_token import ApiToken, ApiTokenState
from domain.shared.ids import UserId


class ListedApiToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token, and whether it can be used at this moment."""

    token: ApiToken
    state: ApiTokenState


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ListApiTokens:
    """All tokens of one person that can be used, and the latest that no longer can."""

    reader: ApiTokenReader
    clock: Clock

    async def __call__(self, actor: UserId, /) -> list[ListedApiToken]:
        """The newest first; there are never more than twice ``MAX_API_TOKENS``."""
        now = self.clock()
        return [
            ListedApiToken(token=token, state=token.state_at(now))
            for token in await self.reader.list(actor)
        ]
