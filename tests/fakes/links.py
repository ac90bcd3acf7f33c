"""Links that are sent to an address, and forgotten passwords, in memory."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from application.accounts.link_ports import ResetRequest
from domain.accounts.email_address import EmailAddress
from domain.accounts.links import Link, LinkPurpose
from domain.shared.ids import UserId
from tests.fakes.shared import FakeDatabase, Rows, StoredLink

_UNDO = LinkPurpose.UNDO_EMAIL_CHANGE


class FakeLinkRepository:
    """``LinkRepository`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._links = rows.links

    async def issue(self, link: Link, digest: bytes, /) -> None:
        """In place of older ones."""
        if link.purpose is not _UNDO:
            self._drop(
                stored.link
                for stored in self._links.values()
                if (stored.link.user_id, stored.link.purpose) == (link.user_id, link.purpose)
            )
        self._links[digest] = StoredLink(link)

    async def use(self, digest: bytes, purpose: LinkPurpose, now: datetime, /) -> Link | None:
        """Once."""
        stored = self._links.get(digest)
        if stored is None or not usable(stored, purpose, now):
            return None
        self._links[digest] = replace(stored, used_at=now)
        return stored.link

    async def void(self, user_id: UserId, /) -> None:
        """All but those that undo."""
        self._drop(
            stored.link
            for stored in self._links.values()
            if stored.link.user_id == user_id and stored.link.purpose is not _UNDO
        )

    async def void_undo_since(self, user_id: UserId, issued_at: datetime, /) -> None:
        """The later ones."""
        self._drop(
            stored.link
            for stored in self._links.values()
            if stored.link.user_id == user_id
            and stored.link.purpose is _UNDO
            and stored.link.issued_at > issued_at
        )

    async def reserved(
        self, email: EmailAddress, now: datetime, /, *, apart_from: UserId | None = None
    ) -> bool:
        """Look for one."""
        return any(
            usable(stored, _UNDO, now)
            and stored.link.email.key == email.key
            and stored.link.user_id != apart_from
            for stored in self._links.values()
        )

    async def forget(self, expired_before: datetime, /) -> int:
        """Drop them."""
        old = [s.link for s in self._links.values() if s.link.expires_at < expired_before]
        self._drop(old)
        return len(old)

    def _drop(self, links: Iterable[Link]) -> None:
        gone = list(links)
        for digest in [d for d, stored in self._links.items() if stored.link in gone]:
            del self._links[digest]


class FakeLinkDirectory:
    """``LinkDirectory`` over what is committed."""

    def __init__(self, database: FakeDatabase) -> None:
        self._database = database

    async def find(self, digest: bytes, purpose: LinkPurpose, now: datetime, /) -> Link | None:
        """By the digest."""
        stored = self._database.rows.links.get(digest)
        return stored.link if stored and usable(stored, purpose, now) else None


class FakeResetRequestQueue:
    """``ResetRequestQueue`` in memory."""

    def __init__(self, rows: Rows) -> None:
        self._requests = rows.reset_requests

    async def append(self, request: ResetRequest, /) -> None:
        """Keep it."""
        self._requests.append(request)

    async def take(self) -> ResetRequest | None:
        """The first."""
        return self._requests.pop(0) if self._requests else None


def usable(stored: StoredLink, purpose: LinkPurpose, now: datetime) -> bool:
    """Whether a link could be followed."""
    link = stored.link
    return link.purpose is purpose and stored.used_at is None and link.expires_at > now
