"""Page cursors of the audit log on the wire: positions, sealed for one person and one listing."""

from typing import Protocol
from uuid import UUID

import msgspec

from application.audit.ports import AuditPosition
from domain.shared.errors import BadCursorError


class Seal(Protocol):
    """A lock for short contents that only this deployment can close and open."""

    def seal(self, content: bytes, purpose: bytes) -> str:
        """``content`` as text that is tied to ``purpose``."""
        ...

    def open(self, cursor: str, purpose: bytes) -> bytes | None:
        """The content, or ``None`` for anything that was not sealed for ``purpose``."""
        ...


class AuditListing(msgspec.Struct, frozen=True, kw_only=True):
    """What a cursor was made for: an operation, whoever asked it, and the filters."""

    operation: str
    actor: UUID
    action: str | None
    user_id: UUID | None


class AuditCursorCodec:
    """Positions to cursors and back."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def write(self, position: AuditPosition, listing: AuditListing) -> str:
        """An opaque text that stands for ``position`` in this listing only."""
        return self._seal.seal(msgspec.json.encode(position), msgspec.json.encode(listing))

    def read(self, cursor: str | None, listing: AuditListing) -> AuditPosition | None:
        """The position, or ``BadCursorError`` for a cursor of another person or listing."""
        if cursor is None:
            return None
        content = self._seal.open(cursor, msgspec.json.encode(listing))
        if content is None:
            raise BadCursorError("Start again without a cursor; keep the filters while paging.")
        return msgspec.json.decode(content, type=AuditPosition)
