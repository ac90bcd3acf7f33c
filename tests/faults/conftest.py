"""A Redis to be killed and frozen, with the API on it."""

from tests.adapters.redis.conftest import server

__all__ = ["server"]
