"""What a successful sign-in gives out, however it came about."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

import msgspec

from application.accounts.ports import (
    AccessClaims,
    AccessTokens,
    AccountsTransaction,
    RefreshTokens,
)
from application.accounts.profile import Profile
from application.accounts.surroundings import NewSurroundings
from application.shared.ports import NewId
from application.shared.record import record
from domain.accounts.events import SessionOpened
from domain.accounts.principal import SignInMethod
from domain.accounts.session import ACCESS_TOKEN_LIFETIME, REFRESH_TOKEN_IDLE_LIFETIME, Session
from domain.accounts.user import User
from domain.shared.ids import EventId, SessionId
from domain.shared.origin import Origin


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A person's profile with the pair of tokens of their session.

    ``device`` is the token by which the device will be known at the next sign-in.
    """

    profile: Profile
    access_token: str
    refresh_token: str
    expires_in: int
    device: str | None = None

    def __repr__(self) -> str:
        return f"SignedIn(profile={self.profile!r}, …)"


def signed_in(profile: Profile, access_token: str, refresh_token: str) -> SignedIn:
    """The pair of tokens, with the lifetime of the first in seconds (RFC 6749 section 5.1)."""
    return SignedIn(
        profile=profile,
        access_token=access_token,
        refresh_token=refresh_token,
        expires_in=int(ACCESS_TOKEN_LIFETIME.total_seconds()),
    )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStart:
    """The start of a session inside somebody's transaction, with its event and audit record.

    Its owner gets a message where it begins as none has before, however they signed in.
    """

    access_tokens: AccessTokens
    refresh_tokens: RefreshTokens
    tell: NewSurroundings
    new_id: NewId

    async def __call__(
        self,
        tx: AccountsTransaction,
        user: User,
        methods: tuple[SignInMethod, ...],
        origin: Origin,
        now: datetime,
        *,
        familiar: bool = False,
    ) -> SignedIn:
        """A new session of ``user``, whose row is locked, with its first pair of tokens.

        It is ``familiar`` where the account has just been opened, or the device is known.
        """
        notice = None if familiar else await self.tell(tx, user, origin, now)
        session = Session.open(
            id=SessionId(self.new_id()),
            user_id=user.id,
            methods=methods,
            origin=origin,
            now=now,
            notice=notice,
        )
        refresh_token = self.refresh_tokens.first()
        await tx.sessions.open(
            session, refresh_token, token_expires_at=now + REFRESH_TOKEN_IDLE_LIFETIME
        )
        await record(
            tx,
            SessionOpened(
                id=EventId(self.new_id()),
                occurred_at=now,
                user_id=user.id,
                session_id=session.id,
            ),
            origin,
        )
        claims = AccessClaims(user_id=user.id, session_id=session.id)
        return signed_in(
            Profile.of(user), self.access_tokens.issue(claims, now), refresh_token.secret
        )
