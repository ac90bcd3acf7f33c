"""The artists on a do-not-play list, by everything that a library may call them."""

from collections.abc import Iterable

import msgspec

from domain.enforcement.name_list import KnownNames, name_key
from domain.shared.external_id import ExternalId


class ListedArtist(msgspec.Struct, frozen=True, kw_only=True):
    """One artist on the list: ``names`` are all that are known, the one to show first.

    ``id`` is whatever tells the artist from others on the same list. An artist that ``is_excepted``
    is not on it: no list may block that one.
    """

    id: str
    names: tuple[str, ...]
    external_ids: tuple[ExternalId, ...]
    is_excepted: bool = False

    @property
    def name(self) -> str:
        """The name to show; the id where no name is known."""
        return self.names[0] if self.names else self.id


class ListedTrack(msgspec.Struct, frozen=True, kw_only=True):
    """A single track on the list, or excepted from it, by the address that exports know it by."""

    uri: str
    title: str
    artist_credit: str
    is_excepted: bool = False


class DoNotPlayList(msgspec.Struct, frozen=True, kw_only=True):
    """A list as a scan looks things up in it: by id, and by the key of a name."""

    by_id: dict[ExternalId, ListedArtist]
    by_key: dict[str, tuple[ListedArtist, ...]]
    known: KnownNames
    tracks: dict[str, ListedTrack]
    size: int

    @classmethod
    def of(
        cls, artists: Iterable[ListedArtist], tracks: Iterable[ListedTrack] = ()
    ) -> "DoNotPlayList":
        """The list of ``artists``, each with a name or an id, and of single ``tracks``."""
        by_id: dict[ExternalId, ListedArtist] = {}
        by_key: dict[str, tuple[ListedArtist, ...]] = {}
        names: list[str] = []
        size = 0
        for artist in artists:
            size += not artist.is_excepted
            for external_id in artist.external_ids:
                by_id[external_id] = artist
            for name in artist.names:
                key = name_key(name)
                others = by_key.get(key, ())
                if key and artist not in others:
                    by_key[key] = (*others, artist)
            names.extend(artist.names)
        known = KnownNames.of(by_key.keys(), names)
        return cls(
            by_id=by_id,
            by_key=by_key,
            known=known,
            tracks={track.uri: track for track in tracks},
            size=size,
        )
