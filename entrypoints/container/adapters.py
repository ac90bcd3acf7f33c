"""The adapters of one process: which of them stands behind which port."""

import hmac

from dependency_injector import containers, providers

from adapters.mail.folder import EmlFolder
from adapters.mail.message import MessageWriter
from adapters.mail.templates import MailTemplates
from adapters.memory.attempt_throttle import FairShare, LocalAttemptThrottle
from adapters.postgres.accounts import PostgresUserDirectory
from adapters.postgres.active_sessions import PostgresActiveSessions
from adapters.postgres.api_token_grants import PostgresApiTokens
from adapters.postgres.api_token_uses import PostgresApiTokenUses
from adapters.postgres.artist_directory import PostgresArtistDirectory, PostgresArtistReader
from adapters.postgres.audit_chain import PostgresChainReader
from adapters.postgres.audit_log import PostgresAuditReader
from adapters.postgres.blocklists import PostgresBlockedArtistReader
from adapters.postgres.catalog import PostgresArtistSearch, PostgresBlockCounts
from adapters.postgres.export_places import ExportPlaces
from adapters.postgres.health import PostgresHealthProbe
from adapters.postgres.identities import PostgresIdentityReader
from adapters.postgres.kept_answers import PostgresKeptAnswers
from adapters.postgres.listed_artists import PostgresListedArtists
from adapters.postgres.migrations import latest_version
from adapters.postgres.password_failures import PostgresPasswordAttempts
from adapters.postgres.pool import create_pool, urgent
from adapters.postgres.privacy import PostgresPersonalData
from adapters.postgres.transaction import TransactionSecrets, begin_on
from adapters.providers.configured import ConfiguredProviders
from adapters.providers.outbound import Outbound
from adapters.redis.attempt_throttle import RedisAttemptThrottle
from adapters.redis.connection import create_redis
from adapters.redis.health import RedisHealthProbe
from adapters.security.access_tokens import Ed25519AccessTokens
from adapters.security.common_passwords import ZxcvbnCommonPasswords
from adapters.security.cursor_seal import CursorSeal
from adapters.security.derived_keys import DerivedKeys, current_key, every_key
from adapters.security.hashing_places import HashingPlaces
from adapters.security.keyring_file import open_keyring
from adapters.security.known_devices import HmacKnownDevices
from adapters.security.one_time_secrets import RandomOneTimeSecrets
from adapters.security.password_hasher import Argon2PasswordHasher
from adapters.security.pseudonyms import HmacPseudonym
from adapters.security.refresh_tokens import HmacRefreshTokens
from adapters.security.secret_box import AesGcmSecretBox
from adapters.security.totp import PyotpTotpCodes
from adapters.system.clock import utc_now
from adapters.system.long_work import OneThread
from adapters.system.new_id import UuidV7
from adapters.telemetry.logs import create_logger
from adapters.telemetry.metrics import Metrics
from domain.accounts.attempts import AttemptLimit
from domain.audit.chain import ChainKey
from entrypoints.http.audit.cursor import AuditCursorCodec
from entrypoints.http.blocklists.cursor import CursorCodec
from entrypoints.settings import Settings


class Adapters(containers.DeclarativeContainer):
    """What stands behind the ports, made from the settings."""

    settings = providers.Dependency(instance_of=Settings)

    log = providers.Singleton(create_logger)
    metrics = providers.Singleton(Metrics)
    clock = providers.Object(utc_now)
    new_id = providers.Singleton(UuidV7)

    keyring = providers.Singleton(
        open_keyring,
        settings.provided.security.keyring_file,
        settings.provided.security.secret.value,
        log,
    )
    secret_box = providers.Singleton(AesGcmSecretBox, keyring)

    pool = providers.Singleton(
        create_pool,
        providers.Callable(bytes.decode, settings.provided.database.url.value),
        settings.provided.database.pool_size,
    )
    urgent = providers.Object(urgent)
    redis = providers.Singleton(
        create_redis, providers.Callable(bytes.decode, settings.provided.redis.url.value)
    )
    _chain_keys = providers.Singleton(every_key, keyring, "audit-chain")
    chain_key = providers.Singleton(
        ChainKey, value=_chain_keys.provided.current, others=_chain_keys.provided.others
    )
    begin = providers.Singleton(
        begin_on,
        pool,
        providers.Factory(
            TransactionSecrets,
            box=secret_box,
            chain_key=chain_key,
            ledger_key=providers.Callable(current_key, keyring, "erasure-ledger"),
        ),
    )

    hashing_places = providers.Singleton(
        HashingPlaces,
        settings.provided.security.hashing_places,
        settings.provided.security.hashing_queue,
    )
    hasher = providers.Singleton(Argon2PasswordHasher, hashing_places)
    common_passwords = providers.Singleton(ZxcvbnCommonPasswords, hashing_places)
    access_tokens = providers.Singleton(
        Ed25519AccessTokens,
        providers.Factory(DerivedKeys, keyring, "access-token-signing"),
        settings.provided.http.public_url,
    )
    refresh_tokens = providers.Singleton(
        HmacRefreshTokens, providers.Factory(DerivedKeys, keyring, "refresh-token-succession")
    )
    cursor_seal = providers.Singleton(
        CursorSeal, providers.Factory(DerivedKeys, keyring, "page-cursors")
    )
    cursors = providers.Singleton(CursorCodec, cursor_seal)
    audit_cursors = providers.Singleton(AuditCursorCodec, cursor_seal)
    pseudonym = providers.Singleton(
        HmacPseudonym, providers.Callable(current_key, keyring, "audit-pseudonyms")
    )
    one_time_secrets = providers.Singleton(RandomOneTimeSecrets)
    totp_codes = providers.Singleton(PyotpTotpCodes)
    # Keyed: a request may hold a password, and a plain digest of one is soon guessed.
    request_digest = providers.Factory(
        hmac.new,
        providers.Callable(current_key, keyring, "request-fingerprints"),
        digestmod="sha256",
    )
    throttle = providers.Singleton(
        RedisAttemptThrottle,
        redis,
        providers.Factory(
            LocalAttemptThrottle, providers.Factory(FairShare, settings.provided.http.processes)
        ),
    )
    request_throttle = providers.Singleton(
        RedisAttemptThrottle,
        redis,
        providers.Factory(
            LocalAttemptThrottle,
            providers.Factory(FairShare, settings.provided.http.processes, generosity=2),
        ),
    )
    known_devices = providers.Singleton(
        HmacKnownDevices, providers.Callable(current_key, keyring, "known-devices")
    )
    registration_limit = providers.Singleton(
        AttemptLimit, attempts=settings.provided.security.registrations_per_hour, seconds=3600
    )

    identity_providers = providers.Singleton(
        ConfiguredProviders,
        settings.provided.providers,
        settings.provided.http.public_url,
        providers.Singleton(Outbound),
        clock,
    )

    _mail_url = providers.Callable(bytes.decode, settings.provided.mail.url.value)
    mail_folder = providers.Singleton(EmlFolder, settings.provided.mail.folder)
    _message_writer = providers.Singleton(
        MessageWriter,
        settings.provided.mail.sender,
        providers.Factory(MailTemplates, settings.provided.http.public_url),
    )

    directory = providers.Singleton(PostgresUserDirectory, pool)
    password_attempts = providers.Singleton(PostgresPasswordAttempts, pool)
    active_sessions = providers.Singleton(PostgresActiveSessions, pool)
    api_tokens = providers.Singleton(PostgresApiTokens, pool)
    api_token_uses = providers.Singleton(PostgresApiTokenUses, pool)
    identities = providers.Singleton(PostgresIdentityReader, pool)
    artist_search = providers.Singleton(PostgresArtistSearch, pool, clock)
    artist_reader = providers.Singleton(PostgresArtistReader, pool)
    artist_directory = providers.Singleton(PostgresArtistDirectory, pool)
    block_counts = providers.Singleton(PostgresBlockCounts, pool)
    export_places = providers.Singleton(ExportPlaces, pool)
    blocked_artists = providers.Singleton(PostgresBlockedArtistReader, pool, export_places, clock)
    listed_artists = providers.Singleton(PostgresListedArtists, pool, export_places, clock)
    long_work = providers.Singleton(OneThread)
    personal_data = providers.Singleton(PostgresPersonalData, pool, export_places)
    audit_records = providers.Singleton(PostgresAuditReader, pool)
    chain_reader = providers.Singleton(PostgresChainReader, pool)
    kept_answers = providers.Singleton(PostgresKeptAnswers, pool, secret_box)
    database_probe = providers.Singleton(
        PostgresHealthProbe, pool, providers.Callable(latest_version)
    )
    redis_probe = providers.Singleton(RedisHealthProbe, redis)
