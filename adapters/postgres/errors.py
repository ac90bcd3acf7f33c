"""What the driver's failures mean to the rest of the service."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg_pool import PoolTimeout, TooManyRequests

from domain.shared.errors import ServiceUnavailableError

_UNAVAILABLE = (
    psycopg.OperationalError,  # gone, refused, timed out, cancelled, deadlocked, locked
    psycopg.InterfaceError,
    psycopg.errors.IdleInTransactionSessionTimeout,
    psycopg.errors.ReadOnlySqlTransaction,  # a server that has just become a standby
    PoolTimeout,
    TooManyRequests,
)


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn a database that does not answer into ``ServiceUnavailableError``.

    It promises nothing about the change: an answer lost at the commit leaves that open.
    """
    try:
        yield
    except _UNAVAILABLE as error:
        raise ServiceUnavailableError(
            "The database did not answer in time; try again in a moment.",
            retry_after=1,
        ) from error


def constraint_of(error: psycopg.IntegrityError) -> str:
    """The name of the constraint that a row has broken."""
    return error.diag.constraint_name or ""
