"""The composition root: which adapter stands behind which port. Nothing else knows both."""

from dependency_injector import containers, providers

from adapters.memory.attempt_throttle import LocalAttemptThrottle
from adapters.postgres.accounts import PostgresUserDirectory
from adapters.postgres.active_sessions import PostgresActiveSessions
from adapters.postgres.blocklists import PostgresBlockedArtistReader
from adapters.postgres.catalog import PostgresArtistSearch
from adapters.postgres.health import PostgresHealthProbe
from adapters.postgres.migrations import latest_version
from adapters.postgres.outbox import PostgresEventRelay
from adapters.postgres.passkeys import PostgresPasskeyReader
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
from adapters.security.refresh_tokens import HmacRefreshTokens
from adapters.security.secret_box import AesGcmSecretBox
from adapters.security.totp import PyotpTotpCodes
from adapters.security.webauthn import LibraryPasskeyVerifier
from adapters.system.clock import utc_now
from adapters.system.new_id import UuidV7
from adapters.telemetry.events import LoggedEvents
from adapters.telemetry.logs import create_logger
from adapters.telemetry.metrics import Metrics
from application.accounts.authenticate import Authenticate
from application.accounts.get_jwks import GetJwks
from application.accounts.get_profile import GetProfile
from application.accounts.list_passkeys import ListPasskeys
from application.accounts.log_in import LogIn
from application.accounts.log_out import LogOut
from application.accounts.passkey_proof import PasskeyProof
from application.accounts.reauthenticate_with_passkey import ReauthenticateWithPasskey
from application.accounts.refresh_session import RefreshSession
from application.accounts.register_passkey import RegisterPasskey
from application.accounts.register_user import RegisterUser
from application.accounts.remove_passkey import RemovePasskey
from application.accounts.rename_passkey import RenamePasskey
from application.accounts.second_factor_check import SecondFactorCheck
from application.accounts.session_end import SessionEnd
from application.accounts.sign_in_with_passkey import SignInWithPasskey
from application.accounts.signed_in import SessionStart
from application.accounts.start_passkey_registration import StartPasskeyRegistration
from application.accounts.start_passkey_sign_in import StartPasskeySignIn
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
from domain.accounts.attempts import AttemptLimit
from domain.accounts.passkey import RelyingParty
from entrypoints.http.blocklists.cursor import CursorCodec
from entrypoints.settings import Settings


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
    authenticate = providers.Singleton(
        Authenticate, access_tokens=access_tokens, active_sessions=active_sessions, clock=clock
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

    # accounts: passkeys
    _relying_party = providers.Singleton(
        RelyingParty.at, settings.provided.http.public_url, "No Drake in the House"
    )
    _passkey_verifier = providers.Singleton(LibraryPasskeyVerifier, _relying_party)
    _passkey_proof = providers.Singleton(
        PasskeyProof, verifier=_passkey_verifier, secrets=one_time_secrets, new_id=new_id
    )
    start_passkey_registration = providers.Singleton(
        StartPasskeyRegistration,
        begin=begin,
        throttle=throttle,
        secrets=one_time_secrets,
        relying_party=_relying_party,
        clock=clock,
    )
    register_passkey = providers.Singleton(
        RegisterPasskey,
        begin=begin,
        verifier=_passkey_verifier,
        secrets=one_time_secrets,
        clock=clock,
        new_id=new_id,
    )
    start_passkey_sign_in = providers.Singleton(
        StartPasskeySignIn,
        begin=begin,
        throttle=throttle,
        secrets=one_time_secrets,
        relying_party=_relying_party,
        clock=clock,
    )
    sign_in_with_passkey = providers.Singleton(
        SignInWithPasskey,
        begin=begin,
        throttle=throttle,
        proof=_passkey_proof,
        start_session=_start_session,
        clock=clock,
    )
    reauthenticate_with_passkey = providers.Singleton(
        ReauthenticateWithPasskey,
        begin=begin,
        throttle=throttle,
        proof=_passkey_proof,
        active_sessions=active_sessions,
        clock=clock,
        new_id=new_id,
    )
    list_passkeys = providers.Singleton(
        ListPasskeys, reader=providers.Factory(PostgresPasskeyReader, pool)
    )
    rename_passkey = providers.Singleton(RenamePasskey, begin=begin, clock=clock, new_id=new_id)
    remove_passkey = providers.Singleton(RemovePasskey, begin=begin, clock=clock, new_id=new_id)

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
