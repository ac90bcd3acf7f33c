"""The artists on a do-not-play list, by everything that a library may call them."""

from collections.abc import Iterable

import msgspec

from domain.enforcement.name_list import KnownNames, name_key
from domain.shared.external_id import ExternalId


class ListedArtist(msgspec.Struct, frozen=True, kw_only=True):
    """One artist on the list: ``names`` are all that are known, the one to show first.

    ``id`` is whatever tells the artist from others on the same list.
    """

    id: str
    names: tuple[str, ...]
    external_ids: tuple[ExternalId, ...]

    @property
    def name(self) -> str:
        """The name to show; the id where no name is known."""
        return self.names[0] if self.names else self.id


class DoNotPlayList(msgspec.Struct, frozen=True, kw_only=True):
    """A list as a scan looks things up in it: by id, and by the key of a name."""

    by_id: dict[ExternalId, ListedArtist]
    by_key: dict[str, tuple[ListedArtist, ...]]
    known: KnownNames
    size: int

    @classmethod
    def of(cls, artists: Iterable[ListedArtist]) -> "DoNotPlayList":
        """The list of ``artists``, each with a name or an id."""
        by_id: dict[ExternalId, ListedArtist] = {}
        by_key: dict[str, tuple[ListedArtist, ...]] = {}
        names: list[str] = []
        size = 0
        for artist in artists:
            size += 1
            for external_id in artist.external_ids:
                by_id[external_id] = artist
            for name in artist.names:
                key = name_key(name)
                others = by_key.get(key, ())
                if key and artist not in others:
                    by_key[key] = (*others, artist)
            names.extend(artist.names)
        known = KnownNames.of(by_key.keys(), names)
        return cls(by_id=by_id, by_key=by_key, known=known, size=size)
