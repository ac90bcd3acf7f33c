"""The machine's clock."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """``Clock``: now, in UTC."""
    return datetime.now(UTC)
