"""Give an API token another secret."""

from dataclasses import dataclass
from datetime import timedelta
from typing import final

import msgspec

from application.accounts.api_tokens import ApiTokens, IssuedApiToken, NewSecret
from application.accounts.ports import BeginAccounts
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.api_token import MAX_OVERLAP_HOURS
from domain.accounts.api_token_text import ApiTokenText, TokenEnvironment
from domain.accounts.events import ApiTokenRotated
from domain.shared.errors import InvalidInputError
from domain.shared.ids import ApiTokenId, EventId, UserId
from domain.shared.origin import Origin


class ApiTokenToRotate(msgspec.Struct, frozen=True, kw_only=True):
    """Whose token, which one, and for how many hours the secret that it has still works."""

    actor: UserId
    token_id: ApiTokenId
    overlap_hours: int
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RotateApiToken:
    """The new secret works at once and for as long as the token was made for."""

    begin: BeginAccounts
    tokens: ApiTokens
    environment: TokenEnvironment
    new_secret: NewSecret
    clock: Clock
    new_id: NewId

    async def __call__(self, command: ApiTokenToRotate, /) -> IssuedApiToken:
        """The token with its new text; the refusals of ``ApiTokenRepository.rotate``."""
        if not 0 <= command.overlap_hours <= MAX_OVERLAP_HOURS:
            raise InvalidInputError.of("overlap_hours", f"expected 0 to {MAX_OVERLAP_HOURS}")
        now = self.clock()
        text = ApiTokenText.of(self.environment, command.token_id, self.new_secret())
        async with self.begin() as tx:
            token = await tx.api_tokens.rotate(
                command.actor, text, now, overlap=timedelta(hours=command.overlap_hours)
            )
            await record(
                tx,
                ApiTokenRotated(
                    id=EventId(self.new_id()),
                    occurred_at=now,
                    user_id=command.actor,
                    token_id=token.id,
                    expires_at=token.expires_at,
                    previous_expires_at=token.previous_expires_at,
                ),
                command.origin,
            )
        self.tokens.forget(token.id)
        return IssuedApiToken(token=token, text=text.text)
