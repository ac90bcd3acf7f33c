"""Wire shapes of sessions."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from application.accounts.list_sessions import SessionSummary
from domain.accounts.principal import SignInMethod
from domain.shared.ids import SessionId
from entrypoints.http.wire import Time


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A device that is signed in."""

    id: Annotated[UUID, Meta(examples=["01a1fc92-f28d-7423-8b08-1933147824f5"])]
    current: Annotated[bool, Meta(description="Whether it is the one that asks.")]
    device: Annotated[str, Meta(examples=["Firefox on Linux"])]
    network: Annotated[
        str | None,
        Meta(description="Where it signed in, without the host.", examples=["192.0.2.0/24"]),
    ]
    methods: Annotated[
        list[SignInMethod],
        Meta(description="How its person proved who they are (RFC 8176).", examples=[["pwd"]]),
    ]
    created_at: Time
    last_used_at: Time
    expires_at: Time

    @classmethod
    def of(cls, session: SessionSummary, current: SessionId) -> "OpenSession":
        """The wire shape."""
        return cls(
            id=session.id,
            current=session.id == current,
            device=session.device,
            network=session.network,
            methods=list(session.methods),
            created_at=session.created_at,
            last_used_at=session.last_used_at,
            expires_at=session.expires_at,
        )


class OpenSessions(msgspec.Struct, frozen=True, kw_only=True):
    """All of them, the one that was used last first."""

    items: list[OpenSession]


class SessionsToRevoke(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which sessions are to end."""

    keep_current: Annotated[
        bool, Meta(description="Whether the one that asks stays.", examples=[True])
    ]


class RevokedSessions(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    revoked: Annotated[int, Meta(description="How many sessions ended.", examples=[2])]
