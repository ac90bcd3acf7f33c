"""Types that the wire shapes of every context are made of."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Protocol
from uuid import UUID

import msgspec
from msgspec import Meta

from domain.shared.service_links import PICTURE, links_of, picture_of

# RFC 3339 with an offset; ours are always in UTC.
Time = Annotated[datetime, Meta(tz=True, examples=["2026-01-31T12:00:00Z"])]


class KnownArtist(Protocol):
    """An artist as any context reads one."""

    @property
    def id(self) -> UUID: ...
    @property
    def canonical_name(self) -> str: ...
    @property
    def external_ids(self) -> Mapping[Any, str]: ...
    @property
    def metadata(self) -> Mapping[str, object]: ...
    @property
    def created_at(self) -> datetime: ...


class Artist(msgspec.Struct, frozen=True, kw_only=True):
    """An artist of the catalogue, with one id for each service that has one."""

    id: Annotated[UUID, Meta(examples=["01a1fc92-f28d-7423-8b08-1933147824f5"])]
    canonical_name: Annotated[str, Meta(examples=["Neural Groove Machine"])]
    external_ids: Annotated[
        dict[str, str],
        Meta(
            description="The artist's id by service.",
            examples=[{"spotify": "3ec16T2vMbjJi4luOqt6ps"}],
        ),
    ]
    metadata: Annotated[
        dict[str, Any],
        Meta(description="What else the catalogue knows.", examples=[{}]),
    ]
    image_url: Annotated[
        str | None,
        Meta(
            description="A picture, where the catalogue has one on a host of a known service.",
            examples=["https://i.scdn.co/image/ab6761610000e5eb"],
        ),
    ]
    links: Annotated[
        dict[str, str],
        Meta(
            description="Where the artist is found, by service.",
            examples=[{"spotify": "https://open.spotify.com/artist/3ec16T2vMbjJi4luOqt6ps"}],
        ),
    ]
    created_at: Time

    @classmethod
    def of(cls, artist: KnownArtist) -> "Artist":
        """The wire shape of an artist."""
        return cls(**shown_of(artist))


def shown_of(artist: KnownArtist) -> dict[str, Any]:
    """The fields of ``Artist``, for it and shapes with more; a picture on a strange host is left
    out.
    """
    return {
        "id": artist.id,
        "canonical_name": artist.canonical_name,
        "external_ids": {str(service): value for service, value in artist.external_ids.items()},
        "metadata": {key: value for key, value in artist.metadata.items() if key != PICTURE},
        "image_url": picture_of(artist.metadata),
        "links": links_of(artist.external_ids),
        "created_at": artist.created_at,
    }
