"""The composition root: which adapter stands behind which port. Nothing else knows both."""

from dependency_injector import containers, providers

from adapters.memory.attempt_throttle import LocalAttemptThrottle
from adapters.postgres.accounts import PostgresUserDirectory
from adapters.postgres.active_sessions import PostgresActiveSessions
from adapters.postgres.api_token_grants import PostgresApiTokens
from adapters.postgres.api_token_uses import PostgresApiTokenUses
from adapters.postgres.api_tokens import PostgresApiTokenReader
from adapters.postgres.blocklists import PostgresBlockedArtistReader
from adapters.postgres.catalog import PostgresArtistSearch
from adapters.postgres.health import PostgresHealthProbe
from adapters.postgres.migrations import latest_version
from adapters.postgres.outbox import PostgresEventRelay
from adapters.postgres.pool import create_pool
from adapters.postgres.transaction import begin_on
from adapters.redis.attempt_throttle import RedisAttemptThrottle
from adapters.redis.connection import create_redis
from adapters.redis.health import RedisHealthProbe
from adapters.security.access_tokens import Ed25519AccessTokens
from adapters.security.common_passwords import ZxcvbnCommonPasswords
from adapters.security.cursor_seal import CursorSeal
from adapters.security.derived_keys import derive_key
from adapters.security.hashing_places import HashingPlaces
from adapters.security.one_time_secrets import RandomOneTimeSecrets
from adapters.security.password_hasher import Argon2PasswordHasher
from adapters.security.random_bits import random_256_bits
from adapters.security.refresh_tokens import HmacRefreshTokens
from adapters.security.secret_box import AesGcmSecretBox
from adapters.security.totp import PyotpTotpCodes
from adapters.system.clock import utc_now
from adapters.system.new_id import UuidV7
from adapters.telemetry.events import LoggedEvents
from adapters.telemetry.logs import create_logger
from adapters.telemetry.metrics import Metrics
from application.accounts.api_token_check import ApiTokenCheck
from application.accounts.api_token_end import ApiTokenEnd
from application.accounts.authenticate import Authenticate
from application.accounts.create_api_token import CreateApiToken
from application.accounts.get_jwks import GetJwks
from application.accounts.get_profile import GetProfile
from application.accounts.list_api_tokens import ListApiTokens
from application.accounts.log_in import LogIn
from application.accounts.log_out import LogOut
from application.accounts.refresh_session import RefreshSession
from application.accounts.register_user import RegisterUser
from application.accounts.revoke_api_token import RevokeApiToken
from application.accounts.rotate_api_token import RotateApiToken
from application.accounts.second_factor_check import SecondFactorCheck
from application.accounts.session_end import SessionEnd
from application.accounts.signed_in import SessionStart
from application.accounts.update_profile import UpdateProfile
from application.accounts.update_settings import UpdateSettings
from application.blocklists.block_artist import BlockArtist
from application.blocklists.export_blocked_artists import ExportBlockedArtists
from application.blocklists.import_blocked_artists import ImportBlockedArtists
from application.blocklists.list_blocked_artists import ListBlockedArtists
from application.blocklists.unblock_artist import UnblockArtist
from application.blocklists.update_blocked_artist import UpdateBlockedArtist
from application.catalog.search_artists import SearchArtists
from application.shared.check_health import CheckHealth
from application.shared.check_liveness import CheckLiveness
from application.shared.check_readiness import CheckReadiness
from application.shared.relay_events import RelayEvents
from domain.accounts.api_token import ACCOUNT_REQUESTS_PER_MINUTE
from domain.accounts.api_token_text import TokenEnvironment
from domain.accounts.attempts import AttemptLimit
from entrypoints.http.blocklists.cursor import CursorCodec
from entrypoints.settings import Mode, Settings


def token_environment(mode: Mode) -> TokenEnvironment:
    """What API tokens of a deployment are marked with."""
    return TokenEnvironment.LIVE if mode is Mode.PRODUCTION else TokenEnvironment.DEV


class Container(containers.DeclarativeContainer):
    """Every part of one process, made when it is first asked for; nothing connects by itself."""

    settings = providers.Dependency(instance_of=Settings)

    log = providers.Singleton(create_logger)
    metrics = providers.Singleton(Metrics)
    clock = providers.Object(utc_now)
    new_id = providers.Singleton(UuidV7)

    _secret = settings.provided.security.secret.value

    pool = providers.Singleton(
        create_pool,
        providers.Callable(bytes.decode, settings.provided.database.url.value),
        settings.provided.database.pool_size,
    )
    redis = providers.Singleton(
        create_redis, providers.Callable(bytes.decode, settings.provided.redis.url.value)
    )
    secret_box = providers.Singleton(
        AesGcmSecretBox, providers.Factory(derive_key, _secret, "data-at-rest")
    )
    begin = providers.Singleton(begin_on, pool, secret_box)

    hashing_places = providers.Singleton(
        HashingPlaces,
        settings.provided.security.hashing_places,
        settings.provided.security.hashing_queue,
    )
    hasher = providers.Singleton(Argon2PasswordHasher, hashing_places)
    common_passwords = providers.Singleton(ZxcvbnCommonPasswords, hashing_places)
    access_tokens = providers.Singleton(
        Ed25519AccessTokens,
        providers.Factory(derive_key, _secret, "access-token-signing"),
        settings.provided.http.public_url,
    )
    refresh_tokens = providers.Singleton(
        HmacRefreshTokens, providers.Factory(derive_key, _secret, "refresh-token-succession")
    )
    one_time_secrets = providers.Singleton(RandomOneTimeSecrets)
    totp_codes = providers.Singleton(PyotpTotpCodes)
    cursors = providers.Singleton(
        CursorCodec,
        providers.Factory(CursorSeal, providers.Factory(derive_key, _secret, "page-cursors")),
    )
    throttle = providers.Singleton(
        RedisAttemptThrottle, redis, providers.Factory(LocalAttemptThrottle)
    )

    directory = providers.Singleton(PostgresUserDirectory, pool)
    active_sessions = providers.Singleton(PostgresActiveSessions, pool)
    api_tokens = providers.Singleton(PostgresApiTokens, pool)
    api_token_uses = providers.Singleton(PostgresApiTokenUses, pool)
    artist_search = providers.Singleton(PostgresArtistSearch, pool)
    blocked_artists = providers.Singleton(PostgresBlockedArtistReader, pool)
    database_probe = providers.Singleton(
        PostgresHealthProbe, pool, providers.Callable(latest_version)
    )
    redis_probe = providers.Singleton(RedisHealthProbe, redis)

    # accounts
    _start_session = providers.Singleton(
        SessionStart, access_tokens=access_tokens, refresh_tokens=refresh_tokens, new_id=new_id
    )
    _end_session = providers.Singleton(SessionEnd, active_sessions=active_sessions, new_id=new_id)
    _second_factor = providers.Singleton(
        SecondFactorCheck,
        begin=begin,
        codes=totp_codes,
        secrets=one_time_secrets,
        box=secret_box,
        throttle=throttle,
        clock=clock,
        new_id=new_id,
    )
    _token_environment = providers.Callable(token_environment, settings.provided.mode)
    _check_api_token = providers.Singleton(
        ApiTokenCheck, environment=_token_environment, tokens=api_tokens, uses=api_token_uses
    )
    _end_api_token = providers.Singleton(ApiTokenEnd, tokens=api_tokens, new_id=new_id)
    _new_secret = providers.Object(random_256_bits)
    authenticate = providers.Singleton(
        Authenticate,
        access_tokens=access_tokens,
        active_sessions=active_sessions,
        check_api_token=_check_api_token,
        clock=clock,
    )
    register_user = providers.Singleton(
        RegisterUser,
        begin=begin,
        hasher=hasher,
        common_passwords=common_passwords,
        throttle=throttle,
        limit=providers.Factory(
            AttemptLimit,
            attempts=settings.provided.security.registrations_per_hour,
            seconds=3600,
        ),
        start_session=_start_session,
        clock=clock,
        new_id=new_id,
    )
    log_in = providers.Singleton(
        LogIn,
        begin=begin,
        directory=directory,
        hasher=hasher,
        throttle=throttle,
        second_factor=_second_factor,
        start_session=_start_session,
        clock=clock,
    )
    refresh_session = providers.Singleton(
        RefreshSession,
        begin=begin,
        profiles=directory,
        access_tokens=access_tokens,
        refresh_tokens=refresh_tokens,
        clock=clock,
        end_session=_end_session,
    )
    log_out = providers.Singleton(LogOut, begin=begin, end_session=_end_session, clock=clock)
    get_profile = providers.Singleton(GetProfile, profiles=directory)
    update_profile = providers.Singleton(UpdateProfile, begin=begin, clock=clock, new_id=new_id)
    update_settings = providers.Singleton(UpdateSettings, begin=begin, clock=clock, new_id=new_id)
    get_jwks = providers.Singleton(GetJwks, access_tokens=access_tokens)

    create_api_token = providers.Singleton(
        CreateApiToken,
        begin=begin,
        environment=_token_environment,
        new_secret=_new_secret,
        most_requests_per_minute=ACCOUNT_REQUESTS_PER_MINUTE,
        clock=clock,
        new_id=new_id,
    )
    list_api_tokens = providers.Singleton(
        ListApiTokens, reader=providers.Singleton(PostgresApiTokenReader, pool), clock=clock
    )
    rotate_api_token = providers.Singleton(
        RotateApiToken,
        begin=begin,
        tokens=api_tokens,
        environment=_token_environment,
        new_secret=_new_secret,
        clock=clock,
        new_id=new_id,
    )
    revoke_api_token = providers.Singleton(
        RevokeApiToken, begin=begin, end_api_token=_end_api_token, clock=clock
    )

    # catalog
    search_artists = providers.Singleton(SearchArtists, artists=artist_search)

    # blocklists
    list_blocked_artists = providers.Singleton(ListBlockedArtists, reader=blocked_artists)
    block_artist = providers.Singleton(
        BlockArtist, begin=begin, reader=blocked_artists, clock=clock, new_id=new_id
    )
    update_blocked_artist = providers.Singleton(
        UpdateBlockedArtist, begin=begin, reader=blocked_artists, clock=clock, new_id=new_id
    )
    unblock_artist = providers.Singleton(UnblockArtist, begin=begin, clock=clock, new_id=new_id)
    import_blocked_artists = providers.Singleton(
        ImportBlockedArtists, begin=begin, clock=clock, new_id=new_id
    )
    export_blocked_artists = providers.Singleton(ExportBlockedArtists, reader=blocked_artists)

    # shared
    check_health = providers.Singleton(
        CheckHealth,
        clock=clock,
        probes=providers.Dict(database=database_probe, redis=redis_probe),
    )
    check_liveness = providers.Singleton(CheckLiveness, clock=clock)
    check_readiness = providers.Singleton(
        CheckReadiness, clock=clock, probes=providers.Dict(database=database_probe)
    )
    relay_events = providers.Singleton(
        RelayEvents,
        relay=providers.Factory(PostgresEventRelay, pool, providers.Factory(LoggedEvents, log)),
        clock=clock,
    )
