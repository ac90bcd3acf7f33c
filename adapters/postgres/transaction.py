"""One transaction over all repositories: everything in it happens, or nothing."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from adapters.postgres.accounts import PostgresSessionRepository, PostgresUserRepository
from adapters.postgres.blocklists import PostgresDnpRepository
from adapters.postgres.errors import translated_errors
from adapters.postgres.list_import import PostgresListImport
from adapters.postgres.outbox import PostgresAuditLog, PostgresOutbox
from adapters.postgres.pool import Connection, Pool, connection_of


class PostgresTransaction:
    """The repositories of every context, on one connection."""

    def __init__(self, connection: Connection) -> None:
        self.users = PostgresUserRepository(connection)
        self.sessions = PostgresSessionRepository(connection)
        self.entries = PostgresDnpRepository(connection)
        self.imports = PostgresListImport(connection)
        self.outbox = PostgresOutbox(connection)
        self.audit = PostgresAuditLog(connection)


def begin_on(pool: Pool) -> Callable[[], AbstractAsyncContextManager[PostgresTransaction]]:
    """The ``begin`` of every context: a transaction on a connection of ``pool``.

    Inside a shared transaction it is a part of that, which is undone by itself if it fails.
    """

    @asynccontextmanager
    async def begin() -> AsyncIterator[PostgresTransaction]:
        with translated_errors():
            async with connection_of(pool) as connection, connection.transaction():
                yield PostgresTransaction(connection)

    return begin
