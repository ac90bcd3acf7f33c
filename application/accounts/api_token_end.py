"""The end of an API token before its time, however it came about."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

from application.accounts.api_tokens import ApiTokens
from application.accounts.ports import AccountsTransaction
from application.shared.ports import NewId
from application.shared.record import record
from domain.accounts.events import ApiTokenRevoked
from domain.shared.ids import ApiTokenId, EventId, UserId
from domain.shared.origin import Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ApiTokenEnd:
    """Revoke a token inside somebody's transaction; twice changes nothing."""

    tokens: ApiTokens
    new_id: NewId

    async def __call__(
        self,
        tx: AccountsTransaction,
        token: tuple[UserId, ApiTokenId],
        *,
        reason: str,
        origin: Origin,
        now: datetime,
    ) -> bool:
        """End it, and say why in an event and in the audit log; whether there was one to end."""
        was_there = await tx.api_tokens.revoke(*token, now)
        if was_there:
            await self._tell(tx, token, reason=reason, origin=origin, now=now)
        return was_there

    async def all_of(
        self,
        tx: AccountsTransaction,
        user_id: UserId,
        *,
        reason: str,
        origin: Origin,
        now: datetime,
    ) -> int:
        """End every token of somebody that can be used; how many there were."""
        ended = await tx.api_tokens.revoke_all(user_id, now)
        for token_id in ended:
            await self._tell(tx, (user_id, token_id), reason=reason, origin=origin, now=now)
        return len(ended)

    async def _tell(
        self,
        tx: AccountsTransaction,
        token: tuple[UserId, ApiTokenId],
        *,
        reason: str,
        origin: Origin,
        now: datetime,
    ) -> None:
        user_id, token_id = token
        await record(
            tx,
            ApiTokenRevoked(
                id=EventId(self.new_id()),
                occurred_at=now,
                user_id=user_id,
                token_id=token_id,
                reason=reason,
            ),
            origin,
        )
        self.tokens.note_end(token_id)
