"""Exchange a refresh token for a new pair of tokens."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

import msgspec

from application.accounts.notices import notify
from application.accounts.ports import (
    AccessClaims,
    AccessTokens,
    AccountsTransaction,
    BeginAccounts,
    ProfileReader,
    RefreshTokens,
    Rotation,
    RotationOutcome,
)
from application.accounts.session_end import SessionEnd
from application.accounts.signed_in import SignedIn, signed_in
from application.shared.ports import Clock, NewId
from domain.accounts.errors import InvalidRefreshTokenError
from domain.accounts.session import REFRESH_TOKEN_IDLE_LIFETIME
from domain.shared.ids import MailId
from domain.shared.mail import MailKind
from domain.shared.origin import Origin


class RefreshRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The refresh token that a client holds."""

    refresh_token: str
    origin: Origin

    def __repr__(self) -> str:
        return "RefreshRequest(…)"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshSession:
    """Use a refresh token up; one that was used before ends its whole session.

    RFC 9700 section 4.14.2: a token that comes back has been copied, and nobody can tell who
    holds the copy. A client that lost the answer gets the same successor for ten seconds.
    """

    begin: BeginAccounts
    profiles: ProfileReader
    access_tokens: AccessTokens
    refresh_tokens: RefreshTokens
    clock: Clock
    end_session: SessionEnd
    new_id: NewId

    async def __call__(self, command: RefreshRequest, /) -> SignedIn:
        """The next pair of tokens, or ``InvalidRefreshTokenError``."""
        now = self.clock()
        async with self.begin() as tx:
            # The first may rotate; the others only find what was handed out under another key.
            for successor in self.refresh_tokens.successors(command.refresh_token):
                rotation = await tx.sessions.rotate(
                    self.refresh_tokens.digest(command.refresh_token),
                    successor,
                    now=now,
                    successor_expires_at=now + REFRESH_TOKEN_IDLE_LIFETIME,
                )
                if rotation is None or rotation.outcome is not RotationOutcome.REUSED:
                    break
            if rotation and rotation.outcome is RotationOutcome.REUSED:
                await self._end(tx, rotation, command.origin, now)
        if rotation is None or rotation.outcome is RotationOutcome.REUSED:
            raise InvalidRefreshTokenError("Sign in again.")
        claims = AccessClaims(user_id=rotation.user_id, session_id=rotation.session_id)
        return signed_in(
            await self.profiles.get(rotation.user_id),
            self.access_tokens.issue(claims, now),
            successor.secret,
        )

    async def _end(
        self, tx: AccountsTransaction, rotation: Rotation, origin: Origin, now: datetime
    ) -> None:
        user = await tx.users.get_for_update(rotation.user_id)
        session = (rotation.user_id, rotation.session_id)
        if await self.end_session(tx, session, reason="token_reuse", origin=origin, now=now):
            kind, mail_id = MailKind.SESSION_STOLEN, MailId(self.new_id())
            await notify(tx, user, kind, mail_id, now, place=origin.place)
