"""Where identities at providers are kept."""

from datetime import datetime
from typing import Protocol

from domain.accounts.identity import Identity
from domain.shared.ids import IdentityId, UserId


class IdentityRepository(Protocol):
    """Identities at providers; issuer and subject together belong to one account at most."""

    async def add(self, identity: Identity, /) -> None:
        """Keep it; ``IdentityAlreadyLinkedError`` where an account has it, this one included."""
        ...

    async def find(self, issuer: str, subject: str, /) -> Identity | None:
        """Whose it is."""
        ...

    async def use(self, issuer: str, subject: str, user_id: UserId, now: datetime, /) -> bool:
        """Note that it was signed in with; whether it still belongs to ``user_id``."""
        ...

    async def count(self, user_id: UserId, /) -> int:
        """How many open this account; under the lock on the user that every caller holds."""
        ...

    async def remove(self, user_id: UserId, identity_id: IdentityId, /) -> Identity | None:
        """Take it away; what it was, nothing where this person has no such identity."""
        ...

    async def remove_since(self, user_id: UserId, since: datetime, /) -> list[Identity]:
        """Take away all of somebody's that were linked at ``since`` or later."""
        ...


class IdentityReader(Protocol):
    """Identities, as they are shown."""

    async def all_of(self, user_id: UserId, /) -> list[Identity]:
        """Those of one person, oldest first."""
        ...
