"""Give an integrator access to a part of one's account."""

from dataclasses import dataclass
from typing import final

import msgspec

from application.accounts.api_tokens import IssuedApiToken, NewSecret
from application.accounts.notices import notify
from application.accounts.ports import BeginAccounts
from application.shared.ports import Clock, NewId
from application.shared.record import record
from domain.accounts.api_token import ApiToken
from domain.accounts.api_token_text import ApiTokenText, TokenEnvironment
from domain.accounts.events import ApiTokenCreated
from domain.accounts.principal import Scope
from domain.shared.ids import ApiTokenId, EventId, MailId, UserId
from domain.shared.mail import MailKind
from domain.shared.origin import Origin


class ApiTokenWish(msgspec.Struct, frozen=True, kw_only=True):
    """What a token is to be called, what it may do, for how many days and how often."""

    actor: UserId
    name: str
    scopes: tuple[Scope, ...]
    expires_in_days: int
    requests_per_minute: int | None
    origin: Origin


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CreateApiToken:
    """Make a token, keep its digest, tell the owner by mail; the text is answered once."""

    begin: BeginAccounts
    environment: TokenEnvironment
    new_secret: NewSecret
    clock: Clock
    new_id: NewId

    async def __call__(self, command: ApiTokenWish, /) -> IssuedApiToken:
        """The token with its text; ``TooManyApiTokensError``, or ``InvalidInputError``."""
        now = self.clock()
        text = ApiTokenText.of(self.environment, ApiTokenId(self.new_id()), self.new_secret())
        token = ApiToken.issue(
            text,
            user_id=command.actor,
            name=command.name,
            scopes=command.scopes,
            days=command.expires_in_days,
            requests_per_minute=command.requests_per_minute,
            now=now,
        )
        scopes = tuple(sorted(token.scopes))
        async with self.begin() as tx:
            user = await tx.users.get_for_update(command.actor)
            await tx.api_tokens.add(token, text.digest)
            await record(
                tx,
                ApiTokenCreated(
                    id=EventId(self.new_id()),
                    occurred_at=now,
                    user_id=user.id,
                    token_id=token.id,
                    scopes=scopes,
                    expires_at=token.expires_at,
                ),
                command.origin,
            )
            await notify(
                tx,
                user,
                MailKind.API_TOKEN_CREATED,
                MailId(self.new_id()),
                now,
                name=token.name,
                scopes=", ".join(scopes),
                expires_at=token.expires_at.isoformat(timespec="seconds"),
            )
        return IssuedApiToken(token=token, text=text.text)
