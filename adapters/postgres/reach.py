"""Whether PostgreSQL lets us in, for commands that are to say why it does not."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import conninfo_to_dict

from adapters.postgres.pool import CONNECT_TIMEOUT_SECONDS


class NoDatabaseError(Exception):
    """PostgreSQL is not there, or refuses the role; the text says which, and no password."""


def require_database(database_url: str) -> None:
    """Connect once; ``NoDatabaseError`` names the setting, and what the server says."""
    try:
        shown = _shown(database_url)
        psycopg.connect(database_url, connect_timeout=CONNECT_TIMEOUT_SECONDS).close()
    except psycopg.ProgrammingError as error:
        raise NoDatabaseError(
            "DATABASE_URL is no address: expected postgresql://user:password@host:5432/database"
        ) from error
    except psycopg.OperationalError as error:
        said = str(error).strip().splitlines() or ["no answer"]
        _, refused, reason = said[-1].partition("FATAL: ")
        if refused:
            raise NoDatabaseError(
                f"PostgreSQL refuses this role, password or database: {reason.strip()}; check "
                f"DATABASE_URL, which is {shown}"
            ) from error
        raise NoDatabaseError(
            f"PostgreSQL cannot be reached: {said[0]}; check that it runs, and DATABASE_URL, "
            f"which is {shown}"
        ) from error


@contextmanager
def told_refusals() -> Iterator[None]:
    """``NoDatabaseError`` where the role is let in, and may not do or find what it needs."""
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        raise NoDatabaseError(
            f"PostgreSQL refuses this role: {error.diag.message_primary}; check which role "
            "DATABASE_URL names. The one that owns the tables migrates, and `nodrake migrate` with "
            "NODRAKE_APPLICATION_ROLE grants the other what it needs"
        ) from error
    except psycopg.errors.UndefinedTable as error:
        raise NoDatabaseError(
            f"the schema is not there: {error.diag.message_primary}; check which database "
            "DATABASE_URL names, and run `nodrake migrate`"
        ) from error


def _shown(database_url: str) -> str:
    """The address in one form, with nothing in it but where and who."""
    parts = conninfo_to_dict(database_url)
    user = f"{parts['user']}@" if "user" in parts else ""
    port = f":{parts['port']}" if "port" in parts else ""
    return f"postgresql://{user}{parts.get('host', '')}{port}/{parts.get('dbname', '')}"
