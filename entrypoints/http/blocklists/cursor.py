"""Page cursors on the wire: positions in a list, sealed for one person and one listing."""

from datetime import datetime
from typing import Protocol, TypeVar

import msgspec

from application.blocklists.ports import ListOrder, ListPosition, ListSlice
from domain.shared.errors import BadCursorError
from domain.shared.ids import ArtistId

P = TypeVar("P")


class Seal(Protocol):
    """A lock for short contents that only this deployment can close and open."""

    def seal(self, content: bytes, purpose: bytes) -> str:
        """``content`` as text that is tied to ``purpose``."""
        ...

    def open(self, cursor: str, purpose: bytes) -> bytes | None:
        """The content, or ``None`` for anything that was not sealed for ``purpose``."""
        ...


class _ByTime(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A position in a list that is sorted by time."""

    value: datetime
    artist_id: ArtistId


class _ByName(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A position in a list that is sorted by name."""

    value: str
    artist_id: ArtistId


class CursorCodec:
    """Positions to cursors and back."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def seal(self, position: object, purpose: bytes) -> str:
        """An opaque text that stands for ``position`` in the listing that ``purpose`` names."""
        return self._seal.seal(msgspec.json.encode(position), purpose)

    def open(self, cursor: str, purpose: bytes, shape: type[P]) -> P:
        """The position, or ``BadCursorError`` for a cursor of another person or listing."""
        content = self._seal.open(cursor, purpose)
        if content is None:
            raise BadCursorError("Start again without a cursor; keep filter and sort while paging.")
        return msgspec.json.decode(content, type=shape)

    def write(self, position: ListPosition, listing: ListSlice) -> str:
        """An opaque text that stands for ``position`` in this listing only."""
        return self.seal(position, _purpose(listing))

    def read(self, cursor: str, listing: ListSlice) -> ListPosition:
        """The position, or ``BadCursorError`` for a cursor of another person or listing."""
        by_time = listing.order in {ListOrder.NEWEST, ListOrder.OLDEST}
        shape: type[_ByTime | _ByName] = _ByTime if by_time else _ByName
        position = self.open(cursor, _purpose(listing), shape)
        return ListPosition(value=position.value, artist_id=position.artist_id)


def _purpose(listing: ListSlice) -> bytes:
    filters = [listing.tag, listing.text, listing.source, listing.source_name]
    return msgspec.json.encode([listing.user_id, listing.order, *filters])
