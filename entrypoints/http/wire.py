"""Types that the wire shapes of every context are made of."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

# RFC 3339 with an offset; ours are always in UTC.
Time = Annotated[datetime, Meta(tz=True, examples=["2026-01-31T12:00:00Z"])]


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
