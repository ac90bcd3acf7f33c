"""The count of passwords that were wrong in a row, which nothing but the database forgets."""

from datetime import datetime
from typing import Protocol

import msgspec

from domain.accounts.email_address import EmailAddress
from domain.accounts.user import User
from domain.shared.ids import UserId


class PasswordAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's password, about to be tried by those whom the account knows or by strangers.

    ``password_hash`` is ``None`` where there is none, or where it opens nothing any more. With
    ``closing`` none may follow after this one, and the owner has not been told.
    """

    user: User
    familiar: bool
    password_hash: str | None
    closing: bool


class PasswordAttempts(Protocol):
    """Users who are looked up for their password to be tried, which counts as failed at first.

    It is one statement, the same for addresses that nobody has, and committed when it returns,
    whatever transaction is under way.
    """

    async def by_email(self, email: EmailAddress, /, *, familiar: bool) -> PasswordAttempt | None:
        """Count an attempt, unless there have been as many as there may be."""
        ...

    async def by_id(self, user_id: UserId, /, *, familiar: bool) -> PasswordAttempt | None:
        """Count an attempt, unless there have been as many as there may be."""
        ...

    async def take_back(self, attempt: PasswordAttempt | None, /) -> None:
        """Nothing was tried after all; takes as long where nobody was found."""
        ...


class PasswordFailures(Protocol):
    """What has been counted, inside a transaction."""

    async def forgive(self, user_id: UserId, /) -> None:
        """Begin anew: the password was right, or there is another one."""
        ...

    async def close(self, user_id: UserId, now: datetime, /, *, familiar: bool) -> bool:
        """Whether as many failed as may, and nobody has asked this before."""
        ...
