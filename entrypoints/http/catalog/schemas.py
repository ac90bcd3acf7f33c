"""Wire shapes of the catalogue."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from application.catalog import ports
from entrypoints.http.wire import Time


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
        Meta(description="What else is known, such as a picture.", examples=[{}]),
    ]
    created_at: Time

    @classmethod
    def of(cls, artist: ports.Artist) -> "Artist":
        """The wire shape of an artist."""
        return cls(
            id=artist.id,
            canonical_name=artist.canonical_name,
            external_ids={str(k): v for k, v in artist.external_ids.items()},
            metadata=artist.metadata,
            created_at=artist.created_at,
        )


class ArtistHits(msgspec.Struct, frozen=True, kw_only=True):
    """Artists that somebody may mean, best first."""

    items: list[Artist]
