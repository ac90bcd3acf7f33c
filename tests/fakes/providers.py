"""Providers, and what is kept of them, in memory."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from application.accounts.providers import WayBack, WayOut
from application.accounts.sign_in_attempts import SignInAttempt, UsedAttempt
from domain.accounts.identity import (
    CODE_LIFETIME,
    SECOND_FACTOR_LIFETIME,
    Identity,
    ProviderIdentity,
)
from domain.accounts.provider_errors import IdentityAlreadyLinkedError, ProviderNotFoundError
from domain.shared.errors import DomainError
from domain.shared.ids import IdentityId, SignInAttemptId, UserId
from tests.fakes.sessions import is_open
from tests.fakes.shared import FakeDatabase, Rows, StoredAttempt


class FakeIdentityProvider:
    """``IdentityProvider`` that says ``says``, or refuses, as often as it is asked."""

    def __init__(self, name: str) -> None:
        self.says = ProviderIdentity(
            issuer=f"https://{name}.example",
            subject="subject-1",
            email="ada@example.org",
            email_verified=True,
            name="Ada",
        )
        self.refuses: DomainError | None = None
        self.sent: list[WayOut] = []
        self.exchanged: list[WayBack] = []

    async def authorization_address(self, way: WayOut, /) -> str:
        """The state in the open."""
        if self.refuses:
            raise self.refuses
        self.sent.append(way)
        return f"{self.says.issuer}/authorize?state={way.state}"

    async def exchange(self, way: WayBack, /) -> ProviderIdentity:
        """What was set."""
        self.exchanged.append(way)
        await asyncio.sleep(0)
        if self.refuses:
            raise self.refuses
        return self.says


class FakeIdentityProviders:
    """``IdentityProviders`` by name."""

    def __init__(self, *names: str) -> None:
        self.by_name = {name: FakeIdentityProvider(name) for name in names}

    def names(self) -> tuple[str, ...]:
        """As they were given."""
        return tuple(self.by_name)

    def find(self, name: str, /) -> FakeIdentityProvider:
        """Look it up."""
        if name not in self.by_name:
            raise ProviderNotFoundError("unknown")
        return self.by_name[name]


class FakePause:
    """``Pause`` that lets others go on and takes no time."""

    async def __call__(self, seconds: float, /) -> None:
        """Give way."""
        for _ in range(10):
            await asyncio.sleep(0)


class FakeIdentityRepository:
    """``IdentityRepository`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows.identities

    async def add(self, identity: Identity, /) -> None:
        """Refuse one that somebody has."""
        if await self.find(identity.issuer, identity.subject):
            raise IdentityAlreadyLinkedError("taken")
        self._rows[identity.id] = identity

    async def find(self, issuer: str, subject: str, /) -> Identity | None:
        """Look it up."""
        named = (issuer, subject)
        return next((i for i in self._rows.values() if (i.issuer, i.subject) == named), None)

    async def use(self, issuer: str, subject: str, user_id: UserId, now: datetime, /) -> bool:
        """Note the time."""
        identity = await self.find(issuer, subject)
        if identity is None or identity.user_id != user_id:
            return False
        self._rows[identity.id] = msgspec.structs.replace(identity, last_used_at=now)
        return True

    async def count(self, user_id: UserId, /) -> int:
        """Count."""
        return sum(identity.user_id == user_id for identity in self._rows.values())

    async def remove(self, user_id: UserId, identity_id: IdentityId, /) -> Identity | None:
        """One's own only."""
        identity = self._rows.get(identity_id)
        if identity is None or identity.user_id != user_id:
            return None
        return self._rows.pop(identity_id)

    async def remove_since(self, user_id: UserId, since: datetime, /) -> list[Identity]:
        """One's own that are not older."""
        mine = [i for i in self._rows.values() if i.user_id == user_id and i.created_at >= since]
        for identity in mine:
            del self._rows[identity.id]
        return mine


class FakeIdentityReader:
    """``IdentityReader`` over what is committed."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    async def all_of(self, user_id: UserId, /) -> list[Identity]:
        """Oldest first."""
        mine = [i for i in self._database.rows.identities.values() if i.user_id == user_id]
        return sorted(mine, key=lambda identity: (identity.created_at, identity.id))


class FakeSignInAttemptRepository:
    """``SignInAttemptRepository`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, attempt: SignInAttempt, /) -> None:
        """Keep it."""
        self._rows.attempts[attempt.id] = StoredAttempt(attempt)

    async def claim(
        self, state_digest: bytes, browser_digest: bytes, provider: str, now: datetime, /
    ) -> SignInAttempt | None:
        """Once."""
        stored = self._by_state(state_digest, browser_digest, provider)
        if stored is None or stored.used_at or stored.attempt.expires_at <= now:
            return None
        self._rows.attempts[stored.attempt.id] = replace(stored, used_at=now)
        return stored.attempt

    async def find_used(
        self, state_digest: bytes, browser_digest: bytes, provider: str, now: datetime, /
    ) -> UsedAttempt | None:
        """While its outcome is awaited or at most a minute old."""
        stored = self._by_state(state_digest, browser_digest, provider)
        if stored is None or stored.used_at is None or stored.completed_at:
            return None
        if stored.finished_at is None:
            awaited = stored.used_at > now - timedelta(seconds=30)
        else:
            awaited = stored.finished_at > now - CODE_LIFETIME
        return _used(stored) if awaited else None

    async def link_may_end(self, attempt: SignInAttempt, now: datetime, /) -> bool:
        """Look at the session."""
        session = self._rows.sessions.get(attempt.session_id) if attempt.session_id else None
        return (
            session is not None
            and session.user_id == attempt.user_id
            and is_open(self._rows, session.id, now)
        )

    async def finish(
        self,
        id: SignInAttemptId,
        outcome_sealed: bytes,
        code_digest: bytes | None,
        now: datetime,
        /,
    ) -> None:
        """Keep the outcome."""
        self._rows.attempts[id] = replace(
            self._rows.attempts[id],
            outcome_sealed=outcome_sealed,
            code_digest=code_digest,
            finished_at=now,
        )

    async def present(
        self, code_digest: bytes, browser_digest: bytes, now: datetime, /
    ) -> UsedAttempt | None:
        """Note the first time."""
        for attempt_id, stored in self._rows.attempts.items():
            if (
                stored.code_digest == code_digest
                and stored.attempt.browser_digest == browser_digest
                and stored.finished_at is not None
                and stored.completed_at is None
            ):
                limit = SECOND_FACTOR_LIFETIME if stored.presented_at else CODE_LIFETIME
                if stored.finished_at <= now - limit:
                    return None
                self._rows.attempts[attempt_id] = replace(
                    stored, presented_at=stored.presented_at or now
                )
                return _used(stored)
        return None

    async def complete(self, id: SignInAttemptId, now: datetime, /) -> bool:
        """Once."""
        stored = self._rows.attempts[id]
        if stored.completed_at:
            return False
        self._rows.attempts[id] = replace(stored, completed_at=now, outcome_sealed=None)
        return True

    def _by_state(
        self, state_digest: bytes, browser_digest: bytes, provider: str
    ) -> StoredAttempt | None:
        wanted = (state_digest, browser_digest, provider)
        for stored in self._rows.attempts.values():
            attempt = stored.attempt
            if (attempt.state_digest, attempt.browser_digest, attempt.provider) == wanted:
                return stored
        return None


def _used(stored: StoredAttempt) -> UsedAttempt:
    return UsedAttempt(
        id=stored.attempt.id,
        provider=stored.attempt.provider,
        return_to=stored.attempt.return_to,
        outcome_sealed=stored.outcome_sealed,
    )
