"""Show somebody where they are signed in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, final

import msgspec

from application.shared.ports import Clock
from domain.accounts.principal import SignInMethod
from domain.accounts.session import coarse_address
from domain.shared.ids import SessionId, UserId


class OpenSessionRow(msgspec.Struct, frozen=True, kw_only=True):
    """An open session as it is kept."""

    id: SessionId
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    address: str | None
    user_agent: str | None
    methods: tuple[SignInMethod, ...]


class SessionSummary(msgspec.Struct, frozen=True, kw_only=True):
    """An open session as its owner sees it; ``network`` is where it began, without the host."""

    id: SessionId
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    device: str
    network: str | None
    methods: tuple[SignInMethod, ...]


class SessionReader(Protocol):
    """Open sessions, as they are shown."""

    async def list_open(self, user_id: UserId, now: datetime, /) -> list[OpenSessionRow]:
        """Those of one person, the one that was used last first; at most ``MAX_SESSIONS``."""
        ...


class DeviceNames(Protocol):
    """Names for devices that people recognise."""

    def __call__(self, user_agent: str | None, /) -> str:
        """A few words, such as ``Firefox on Linux``; never fails."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ListSessions:
    """Read the open sessions of the person who asks."""

    sessions: SessionReader
    device_names: DeviceNames
    clock: Clock

    async def __call__(self, actor: UserId, /) -> list[SessionSummary]:
        """Their sessions."""
        return [
            SessionSummary(
                id=row.id,
                created_at=row.created_at,
                last_used_at=row.last_used_at,
                expires_at=row.expires_at,
                device=self.device_names(row.user_agent),
                network=coarse_address(row.address),
                methods=row.methods,
            )
            for row in await self.sessions.list_open(actor, self.clock())
        ]
