"""Types that the wire shapes of every context are made of."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

# RFC 3339 with an offset; ours are always in UTC.
Time = Annotated[datetime, Meta(tz=True, examples=["2026-01-31T12:00:00Z"])]
