"""One transaction over all repositories: everything in it happens, or nothing."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from adapters.postgres.accounts import PostgresSessionRepository, PostgresUserRepository
from adapters.postgres.audit_chain import PostgresAuditChain
from adapters.postgres.audit_log import PostgresAuditLog
from adapters.postgres.blocklists import PostgresDnpRepository
from adapters.postgres.errors import translated_errors
from adapters.postgres.list_import import PostgresListImport
from adapters.postgres.outbox import PostgresOutbox
from adapters.postgres.pool import Connection, Pool
from domain.audit.chain import ChainKey


class PostgresTransaction:
    """The repositories of every context, on one connection."""

    def __init__(self, connection: Connection, key: ChainKey) -> None:
        self.users = PostgresUserRepository(connection)
        self.sessions = PostgresSessionRepository(connection)
        self.entries = PostgresDnpRepository(connection)
        self.imports = PostgresListImport(connection)
        self.outbox = PostgresOutbox(connection)
        self.audit = PostgresAuditLog(connection, key)
        self.chain = PostgresAuditChain(connection, key)


def begin_on(
    pool: Pool, key: ChainKey
) -> Callable[[], AbstractAsyncContextManager[PostgresTransaction]]:
    """The ``begin`` of every context: a transaction on ``pool``; ``key`` signs audit records."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[PostgresTransaction]:
        with translated_errors():
            async with pool.connection() as connection, connection.transaction():
                yield PostgresTransaction(connection, key)

    return begin
