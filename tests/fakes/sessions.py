"""Sessions in memory."""

from dataclasses import replace
from datetime import datetime

from application.accounts.list_sessions import OpenSessionRow
from application.accounts.open_sessions import OpenSession
from application.accounts.ports import RefreshToken, Rotation, RotationOutcome
from application.accounts.surroundings import Surroundings
from application.shared.ports import Clock
from domain.accounts.principal import SignInMethod
from domain.accounts.session import MAX_SESSIONS, RETRY_GRACE, Notice, Session, coarse_address
from domain.shared.ids import SessionId, UserId
from tests.fakes.shared import FakeDatabase, Rows, StoredToken


class FakeSessionRepository:
    """``SessionRepository`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def open(
        self, session: Session, token: RefreshToken, /, *, token_expires_at: datetime
    ) -> None:
        """Keep both."""
        self._rows.sessions[session.id] = session
        mine = self._open(session.user_id, session.created_at)
        for surplus in sorted(mine, key=lambda s: s.created_at, reverse=True)[MAX_SESSIONS:]:
            self._rows.revoked[surplus.id] = session.created_at
        self._rows.tokens[token.digest] = StoredToken(session.id, token_expires_at)

    async def rotate(
        self,
        presented: bytes,
        successor: RefreshToken,
        /,
        *,
        now: datetime,
        successor_expires_at: datetime,
    ) -> Rotation | None:
        """Use the token up once."""
        tokens = self._rows.tokens
        token = tokens.get(presented)
        if token is None or not is_open(self._rows, token.session_id, now):
            return None
        if token.used_at is None:
            if token.expires_at <= now:
                return None
            tokens[presented] = replace(token, used_at=now, successor=successor.digest)
            tokens[successor.digest] = StoredToken(token.session_id, successor_expires_at)
            outcome = RotationOutcome.ROTATED
        else:
            following = tokens.get(token.successor or b"")
            repeated = (
                token.used_at > now - RETRY_GRACE
                and token.successor == successor.digest
                and following is not None
                and following.used_at is None
            )
            outcome = RotationOutcome.REPEATED if repeated else RotationOutcome.REUSED
        return Rotation(
            outcome=outcome,
            session_id=token.session_id,
            user_id=self._rows.sessions[token.session_id].user_id,
        )

    async def revoke(self, user_id: UserId, session_id: SessionId, now: datetime, /) -> bool:
        """Once."""
        session = self._rows.sessions.get(session_id)
        if session is None or session.user_id != user_id or session_id in self._rows.revoked:
            return False
        self._rows.revoked[session_id] = now
        return True

    async def revoke_all(
        self, user_id: UserId, now: datetime, /, *, keep: SessionId | None = None
    ) -> list[SessionId]:
        """Each once."""
        return [
            session.id
            for session in list(self._rows.sessions.values())
            if session.id != keep and await self.revoke(user_id, session.id, now)
        ]

    async def revoke_everybodys(self, now: datetime, /) -> int:
        """Each once."""
        open_ones = [s for s in self._rows.sessions.values() if is_open(self._rows, s.id, now)]
        for session in open_ones:
            self._rows.revoked[session.id] = now
        return len(open_ones)

    async def renew(
        self, session_id: SessionId, methods: tuple[SignInMethod, ...], now: datetime, /
    ) -> None:
        """Note when."""
        self._rows.renewed[session_id] = now

    def _open(self, user_id: UserId, now: datetime) -> list[Session]:
        return [
            session
            for session in self._rows.sessions.values()
            if session.user_id == user_id and is_open(self._rows, session.id, now)
        ]


class FakeSessionHistory:
    """``SessionHistory`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def surroundings(
        self, user_id: UserId, network: str | None, user_agent: str | None, since: datetime, /
    ) -> Surroundings:
        """Compare with all."""
        theirs = [s for s in self._rows.sessions.values() if s.user_id == user_id]
        near = {
            session.user_agent
            for session in theirs
            if session.notice is not Notice.WITHHELD
            and coarse_address(session.address) == network is not None
        } - {None}
        if user_agent in near:
            return Surroundings(exactly=True, user_agents=(), notices=0)
        sent = [s for s in theirs if s.notice is Notice.SENT and s.created_at > since]
        named = tuple(agent for agent in near if agent is not None)
        return Surroundings(exactly=False, user_agents=named, notices=len(sent))


class FakeActiveSessions:
    """``ActiveSessions`` that remembers nothing, so every answer is fresh."""

    def __init__(self, database: FakeDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def find(self, session_id: SessionId, /) -> OpenSession | None:
        """What it is now."""
        rows = self._database.rows
        if not is_open(rows, session_id, self._clock()):
            return None
        session = rows.sessions[session_id]
        return OpenSession(
            user_id=session.user_id,
            role=rows.users[session.user_id].role,
            authenticated_at=rows.renewed.get(session_id, session.created_at),
        )

    def note_end(self, session_id: SessionId, /) -> None:
        """There is nothing to note."""

    def forget(self, session_id: SessionId, /) -> None:
        """There is nothing to forget."""


def is_open(rows: Rows, session_id: SessionId, now: datetime) -> bool:
    """Whether a session is there, not revoked and not expired."""
    session = rows.sessions.get(session_id)
    return session is not None and session_id not in rows.revoked and session.expires_at > now


class FakeSessionReader:
    """``SessionReader`` over what is committed."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    async def list_open(self, user_id: UserId, now: datetime, /) -> list[OpenSessionRow]:
        """The newest first."""
        rows = self._database.rows
        mine = [s for s in rows.sessions.values() if s.user_id == user_id]
        return [
            OpenSessionRow(
                id=session.id,
                created_at=session.created_at,
                last_used_at=session.created_at,
                expires_at=session.expires_at,
                address=session.address,
                user_agent=session.user_agent,
                methods=session.methods,
            )
            for session in sorted(mine, key=lambda session: session.id, reverse=True)
            if is_open(rows, session.id, now)
        ]
