"""One transaction over all repositories: everything in it happens, or nothing."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from adapters.postgres.accounts import PostgresUserRepository
from adapters.postgres.blocklists import PostgresDnpRepository
from adapters.postgres.errors import translated_errors
from adapters.postgres.links import PostgresLinkRepository, PostgresResetRequestQueue
from adapters.postgres.list_import import PostgresListImport
from adapters.postgres.mail_queue import PostgresMailQueue
from adapters.postgres.outbox import PostgresAuditLog, PostgresOutbox
from adapters.postgres.pool import Connection, Pool
from adapters.postgres.second_factors import (
    PostgresAdminCodeRepository,
    PostgresRecoveryCodeRepository,
    PostgresTotpRepository,
)
from adapters.postgres.sessions import PostgresSessionRepository
from application.shared.ports import SecretBox


class PostgresTransaction:
    """The repositories of every context, on one connection."""

    def __init__(self, connection: Connection, box: SecretBox) -> None:
        self.users = PostgresUserRepository(connection)
        self.sessions = PostgresSessionRepository(connection)
        self.totp = PostgresTotpRepository(connection)
        self.recovery_codes = PostgresRecoveryCodeRepository(connection)
        self.admin_codes = PostgresAdminCodeRepository(connection)
        self.links = PostgresLinkRepository(connection)
        self.reset_requests = PostgresResetRequestQueue(connection)
        self.mails = PostgresMailQueue(connection, box)
        self.entries = PostgresDnpRepository(connection)
        self.imports = PostgresListImport(connection)
        self.outbox = PostgresOutbox(connection)
        self.audit = PostgresAuditLog(connection)


def begin_on(
    pool: Pool, box: SecretBox
) -> Callable[[], AbstractAsyncContextManager[PostgresTransaction]]:
    """The ``begin`` of every context: a transaction on a connection of ``pool``."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[PostgresTransaction]:
        with translated_errors():
            async with pool.connection() as connection, connection.transaction():
                yield PostgresTransaction(connection, box)

    return begin
