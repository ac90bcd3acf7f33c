"""What the use cases of administrators need from outside, and what stands before each."""

from datetime import datetime
from typing import Protocol

import msgspec

from application.accounts.ports import AccountsTransaction
from domain.accounts.errors import NotPermittedError, UserNotFoundError
from domain.accounts.role import Role
from domain.accounts.user import User
from domain.shared.ids import UserId

MAX_USERS = 100


class UserSummary(msgspec.Struct, frozen=True, kw_only=True):
    """An account as administrators see it."""

    id: UserId
    email: str
    email_verified: bool
    two_factor_enabled: bool
    role: Role
    created_at: datetime


class UserReader(Protocol):
    """Accounts, as administrators see them."""

    async def list_users(self, email_prefix: str, limit: int, /) -> list[UserSummary]:
        """The newest whose folded address starts so; one statement."""
        ...


async def require_administrator(tx: AccountsTransaction, actor: UserId) -> User:
    """The actor, locked, who is an administrator at this moment; else ``NotPermittedError``.

    The policy was asked when the request came; this holds until the transaction ends.
    """
    user = await tx.users.find_for_update(actor)
    if user is None or user.role is not Role.ADMIN:
        raise NotPermittedError("It is for administrators.")
    return user


async def require_user(tx: AccountsTransaction, user_id: UserId) -> User:
    """The account, locked; ``UserNotFoundError`` where there is none."""
    user = await tx.users.find_for_update(user_id)
    if user is None:
        raise UserNotFoundError("Nobody has this id.")
    return user
