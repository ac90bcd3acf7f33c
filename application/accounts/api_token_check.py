"""The check of an API token that came with a request."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

from application.accounts.api_tokens import ApiTokenGrant, ApiTokens, ApiTokenUses
from domain.accounts.api_token_text import ApiTokenText, TokenEnvironment, refused
from domain.accounts.principal import Principal


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ApiTokenCheck:
    """Form and checksum first, which cost nothing; then whether it works at this moment."""

    environment: TokenEnvironment
    tokens: ApiTokens
    uses: ApiTokenUses

    async def __call__(self, text: str, now: datetime) -> Principal:
        """Whose it is and what it may do; the refusal of ``refused`` for all that is not good."""
        presented = ApiTokenText.parse(text)
        if presented.environment is not self.environment:
            raise refused()
        grant = await self._grant(presented, now)
        self.uses.note(presented.token_id, now)
        return Principal(
            user_id=grant.user_id,
            role=grant.role,
            token_id=presented.token_id,
            scopes=grant.scopes,
            requests_per_minute=grant.requests_per_minute,
        )

    async def _grant(self, presented: ApiTokenText, now: datetime) -> ApiTokenGrant:
        grant = await self.tokens.find(presented.token_id)
        if grant is not None and grant.expiry_of(presented.digest) is None:
            # Another process may have rotated it a moment ago: the memory does not decide.
            self.tokens.forget(presented.token_id)
            grant = await self.tokens.find(presented.token_id)
        expires_at = None if grant is None else grant.expiry_of(presented.digest)
        if grant is None or expires_at is None or now >= expires_at:
            raise refused()
        return grant
