"""Who a request comes from."""

from datetime import datetime
from enum import StrEnum

import msgspec

from domain.accounts.role import Role
from domain.shared.ids import ApiTokenId, SessionId, UserId


class SignInMethod(StrEnum):
    """How somebody proved who they are, by its name in RFC 8176 where it has one."""

    PASSWORD = "pwd"  # noqa: S105
    TOTP = "otp"
    RECOVERY_CODE = "kba"
    PASSKEY = "hwk"
    PROVIDER = "fed"


class Scope(StrEnum):
    """What an API token may be allowed to do."""

    CATALOG_READ = "catalog:read"
    LIST_READ = "list:read"
    LIST_WRITE = "list:write"
    PROFILE_READ = "profile:read"


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """A person, reached through a session of theirs or through an API token.

    A session has a ``session_id`` and no ``scopes``: it may do what the role may. A token has a
    ``token_id`` and may do what its scopes name besides, so often in a minute as its owner said
    where they said anything.
    """

    user_id: UserId
    role: Role
    session_id: SessionId | None = None
    token_id: ApiTokenId | None = None
    scopes: frozenset[Scope] | None = None
    requests_per_minute: int | None = None
    authenticated_at: datetime | None = None
