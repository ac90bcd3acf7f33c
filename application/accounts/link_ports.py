"""What the use cases of links need from a transaction."""

from datetime import datetime
from typing import Protocol

import msgspec

from domain.accounts.email_address import EmailAddress
from domain.accounts.links import Link, LinkPurpose
from domain.shared.ids import UserId


class LinkRepository(Protocol):
    """Links by the digest of their secret; whoever writes holds the lock on the user."""

    async def issue(self, link: Link, digest: bytes, /) -> None:
        """Keep a link in place of older ones of the same purpose and person.

        Links that undo a change of address stand side by side: a second change must not void
        the way back from the first.
        """
        ...

    async def use(self, digest: bytes, purpose: LinkPurpose, now: datetime, /) -> Link | None:
        """Use a link up: one conditional statement, which locks its user first.

        Of any number of callers with one link exactly one gets it. Nothing for a link that is
        unknown, of another purpose, used, expired or replaced.
        """
        ...

    async def void(self, user_id: UserId, /) -> None:
        """Make every link of somebody useless, but those that undo a change of address.

        These stay whatever else happens: who has taken an account over could do it, too.
        """
        ...

    async def void_undo_since(self, user_id: UserId, issued_at: datetime, /) -> None:
        """Make the links useless by which later changes of address could be undone."""
        ...

    async def reserved(
        self, email: EmailAddress, now: datetime, /, *, apart_from: UserId | None = None
    ) -> bool:
        """Whether somebody (else) can still take their account back to this address."""
        ...

    async def forget(self, expired_before: datetime, /) -> int:
        """Delete links that have long expired; how many there were."""
        ...


class ResetRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody says that they have forgotten the password of this address.

    ``place`` is where they asked from; a ``muted`` request is one too many and gets no answer.
    """

    email: EmailAddress
    place: str
    muted: bool
    requested_at: datetime


class ResetRequestQueue(Protocol):
    """Requests that wait to be looked at, whether there is an account or not."""

    async def append(self, request: ResetRequest, /) -> None:
        """Keep a request; the work is the same for every address."""
        ...

    async def take(self) -> ResetRequest | None:
        """Take the oldest away that nobody else is looking at; nothing where there is none."""
        ...
