"""Wire shapes of administration."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from application.accounts.administration import UserSummary
from domain.accounts.role import Role
from entrypoints.http.accounts.schemas import Email
from entrypoints.http.wire import Time

RoleName = Annotated[Role, Meta(description="What somebody is here.", examples=["curator"])]


class AdminClaim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code of the operator's."""

    code: Annotated[
        str,
        Meta(
            min_length=24,
            max_length=40,
            description="What `nodrake admin code` printed within the last hour.",
            examples=["7k3m-p2qw-x9ab-4tcd-e6fg-h8jn"],
        ),
    ]


class RoleChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The role that somebody is to have."""

    role: RoleName


class UserAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account as administrators see it."""

    id: Annotated[UUID, Meta(examples=["01a1fc92-f28d-7423-8b08-1933147824f5"])]
    email: Email
    email_verified: bool
    two_factor_enabled: bool
    role: RoleName
    created_at: Time

    @classmethod
    def of(cls, user: UserSummary) -> "UserAccount":
        """The wire shape."""
        return cls(
            id=user.id,
            email=user.email,
            email_verified=user.email_verified,
            two_factor_enabled=user.two_factor_enabled,
            role=user.role,
            created_at=user.created_at,
        )


class UserAccounts(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts, the newest first; at most a hundred."""

    items: list[UserAccount]
