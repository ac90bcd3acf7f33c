"""Wire shapes of the catalogue."""

import msgspec

from application.catalog import ports
from entrypoints.http.wire import Artist


class ArtistHits(msgspec.Struct, frozen=True, kw_only=True):
    """Artists that somebody may mean, best first."""

    items: list[Artist]

    @classmethod
    def of(cls, hits: list[ports.Artist]) -> "ArtistHits":
        """The wire shape of hits."""
        return cls(items=[Artist.of(hit) for hit in hits])
