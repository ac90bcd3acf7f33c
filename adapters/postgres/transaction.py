"""One transaction over all repositories: everything in it happens, or nothing."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import msgspec

from adapters.postgres.accounts import PostgresUserRepository
from adapters.postgres.api_tokens import PostgresApiTokenRepository
from adapters.postgres.artist_merges import PostgresArtistMerges, PostgresModerators
from adapters.postgres.audit_chain import PostgresAuditChain
from adapters.postgres.audit_log import PostgresAuditLog
from adapters.postgres.blocklists import PostgresDnpRepository
from adapters.postgres.bulk_changes import PostgresBulkChanges
from adapters.postgres.errors import translated_errors
from adapters.postgres.identities import PostgresIdentityRepository
from adapters.postgres.links import PostgresLinkRepository, PostgresResetRequestQueue
from adapters.postgres.list_counts import PostgresEndings, PostgresTagRepository
from adapters.postgres.list_import import PostgresListImport
from adapters.postgres.list_tracks import PostgresExceptionRepository, PostgresTrackRepository
from adapters.postgres.mail_queue import PostgresMailQueue
from adapters.postgres.outbox import PostgresOutbox
from adapters.postgres.passkeys import (
    PostgresPasskeyChallengeRepository,
    PostgresPasskeyRepository,
)
from adapters.postgres.password_failures import PostgresPasswordFailures
from adapters.postgres.pool import Connection, Pool, transaction_on
from adapters.postgres.privacy import PostgresDeletionRepository
from adapters.postgres.second_factors import (
    PostgresAdminCodeRepository,
    PostgresRecoveryCodeRepository,
    PostgresTotpRepository,
)
from adapters.postgres.session_history import PostgresSessionHistory
from adapters.postgres.sessions import PostgresSessionRepository
from adapters.postgres.sign_in_attempts import PostgresSignInAttemptRepository
from application.shared.ports import SecretBox
from domain.audit.chain import ChainKey


class TransactionSecrets(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept is sealed, signed and made unrecognisable with these."""

    box: SecretBox
    chain_key: ChainKey
    ledger_key: bytes

    def __repr__(self) -> str:
        return "TransactionSecrets(…)"


class PostgresTransaction:
    """The repositories of every context, on one connection."""

    def __init__(self, connection: Connection, secrets: TransactionSecrets) -> None:
        self.users = PostgresUserRepository(connection)
        self.sessions = PostgresSessionRepository(connection)
        self.session_history = PostgresSessionHistory(connection)
        self.password_failures = PostgresPasswordFailures(connection)
        self.totp = PostgresTotpRepository(connection)
        self.recovery_codes = PostgresRecoveryCodeRepository(connection)
        self.admin_codes = PostgresAdminCodeRepository(connection)
        self.mails = PostgresMailQueue(connection, secrets.box)
        self.passkeys = PostgresPasskeyRepository(connection)
        self.passkey_challenges = PostgresPasskeyChallengeRepository(connection)
        self.api_tokens = PostgresApiTokenRepository(connection)
        self.identities = PostgresIdentityRepository(connection)
        self.sign_in_attempts = PostgresSignInAttemptRepository(connection)
        self.links = PostgresLinkRepository(connection)
        self.reset_requests = PostgresResetRequestQueue(connection)
        self.entries = PostgresDnpRepository(connection)
        self.imports = PostgresListImport(connection)
        self.merges = PostgresArtistMerges(connection)
        self.moderators = PostgresModerators(connection)
        self.bulk = PostgresBulkChanges(connection)
        self.tags = PostgresTagRepository(connection)
        self.endings = PostgresEndings(connection)
        self.tracks = PostgresTrackRepository(connection)
        self.exceptions = PostgresExceptionRepository(connection)
        self.deletions = PostgresDeletionRepository(connection, secrets.ledger_key)
        self.outbox = PostgresOutbox(connection)
        self.audit = PostgresAuditLog(connection, secrets.chain_key)
        self.chain = PostgresAuditChain(connection, secrets.chain_key)


def begin_on(
    pool: Pool, secrets: TransactionSecrets
) -> Callable[[], AbstractAsyncContextManager[PostgresTransaction]]:
    """The ``begin`` of every context: ``transaction_on`` with its repositories."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[PostgresTransaction]:
        with translated_errors():
            async with transaction_on(pool) as connection:
                yield PostgresTransaction(connection, secrets)

    return begin
