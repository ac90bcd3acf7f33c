"""The composition root: which adapter stands behind which port. Nothing else knows both."""

from typing import ClassVar

from dependency_injector import containers, providers

from adapters.mail.folder import EmlFolder
from adapters.mail.message import MessageWriter
from adapters.mail.senders import create_sender
from adapters.mail.templates import MailTemplates
from adapters.memory.attempt_throttle import LocalAttemptThrottle
from adapters.postgres.accounts import PostgresUserDirectory
from adapters.postgres.active_sessions import PostgresActiveSessions
from adapters.postgres.blocklists import PostgresBlockedArtistReader
from adapters.postgres.catalog import PostgresArtistSearch
from adapters.postgres.health import PostgresHealthProbe
from adapters.postgres.links import PostgresLinkDirectory
from adapters.postgres.mail_queue import PostgresMailDispatch
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
from adapters.security.refresh_tokens import HmacRefreshTokens
from adapters.security.secret_box import AesGcmSecretBox
from adapters.security.totp import PyotpTotpCodes
from adapters.system.clock import utc_now
from adapters.system.new_id import UuidV7
from adapters.telemetry.events import LoggedEvents
from adapters.telemetry.logs import create_logger
from adapters.telemetry.mails import LoggedMails
from adapters.telemetry.metrics import Metrics
from application.accounts.answer_reset_requests import AnswerResetRequests
from application.accounts.authenticate import Authenticate
from application.accounts.change_password import ChangePassword
from application.accounts.confirm_email_change import ConfirmEmailChange
from application.accounts.credential_purge import CredentialPurge
from application.accounts.forget_links import ForgetLinks
from application.accounts.get_jwks import GetJwks
from application.accounts.get_profile import GetProfile
from application.accounts.links import LinkAttempts, LinkIssue
from application.accounts.log_in import LogIn
from application.accounts.log_out import LogOut
from application.accounts.new_passwords import NewPasswords
from application.accounts.refresh_session import RefreshSession
from application.accounts.register_user import RegisterUser
from application.accounts.request_email_change import RequestEmailChange
from application.accounts.request_email_verification import RequestEmailVerification
from application.accounts.request_password_reset import RequestPasswordReset
from application.accounts.reset_password import ResetPassword
from application.accounts.second_factor_check import SecondFactorCheck
from application.accounts.session_end import SessionEnd
from application.accounts.signed_in import SessionStart
from application.accounts.undo_email_change import UndoEmailChange
from application.accounts.update_profile import UpdateProfile
from application.accounts.update_settings import UpdateSettings
from application.accounts.verify_email import VerifyEmail
from application.blocklists.block_artist import BlockArtist
from application.blocklists.export_blocked_artists import ExportBlockedArtists
from application.blocklists.import_blocked_artists import ImportBlockedArtists
from application.blocklists.list_blocked_artists import ListBlockedArtists
from application.blocklists.unblock_artist import UnblockArtist
from application.blocklists.update_blocked_artist import UpdateBlockedArtist
from application.catalog.search_artists import SearchArtists
from application.notifications.send_mails import SendMails
from application.shared.check_health import CheckHealth
from application.shared.check_liveness import CheckLiveness
from application.shared.check_readiness import CheckReadiness
from application.shared.relay_events import RelayEvents
from domain.accounts.attempts import AttemptLimit
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

    _mail_url = providers.Callable(bytes.decode, settings.provided.mail.url.value)
    mail_folder = providers.Singleton(EmlFolder, settings.provided.mail.folder)
    _message_writer = providers.Singleton(
        MessageWriter,
        settings.provided.mail.sender,
        providers.Factory(MailTemplates, settings.provided.http.public_url),
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
    _new_passwords = providers.Singleton(
        NewPasswords, hasher=hasher, common_passwords=common_passwords
    )
    _issue_link = providers.Singleton(LinkIssue, secrets=one_time_secrets, new_id=new_id)
    _link_limit = providers.Factory(
        AttemptLimit, attempts=settings.provided.mail.link_attempts_per_hour, seconds=3600
    )
    _link_attempts = providers.Singleton(LinkAttempts, throttle=throttle, limit=_link_limit)
    _basic: ClassVar = {"begin": begin, "clock": clock, "new_id": new_id}
    _following: ClassVar = {**_basic, "secrets": one_time_secrets, "attempts": _link_attempts}
    authenticate = providers.Singleton(
        Authenticate, access_tokens=access_tokens, active_sessions=active_sessions, clock=clock
    )
    register_user = providers.Singleton(
        RegisterUser,
        **_basic,
        new_passwords=_new_passwords,
        throttle=throttle,
        limit=providers.Factory(
            AttemptLimit,
            attempts=settings.provided.security.registrations_per_hour,
            seconds=3600,
        ),
        start_session=_start_session,
        issue_link=_issue_link,
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
        **_basic,
        profiles=directory,
        access_tokens=access_tokens,
        refresh_tokens=refresh_tokens,
        end_session=_end_session,
    )
    log_out = providers.Singleton(LogOut, begin=begin, end_session=_end_session, clock=clock)
    get_profile = providers.Singleton(GetProfile, profiles=directory)
    update_profile = providers.Singleton(UpdateProfile, begin=begin, clock=clock, new_id=new_id)
    update_settings = providers.Singleton(UpdateSettings, begin=begin, clock=clock, new_id=new_id)
    get_jwks = providers.Singleton(GetJwks, access_tokens=access_tokens)
    request_email_verification = providers.Singleton(
        RequestEmailVerification,
        begin=begin,
        profiles=directory,
        throttle=throttle,
        issue_link=_issue_link,
        clock=clock,
    )
    verify_email = providers.Singleton(VerifyEmail, **_following)
    request_password_reset = providers.Singleton(
        RequestPasswordReset, begin=begin, throttle=throttle, limit=_link_limit, clock=clock
    )
    reset_password = providers.Singleton(
        ResetPassword,
        **_following,
        directory=providers.Factory(PostgresLinkDirectory, pool),
        new_passwords=_new_passwords,
        purge=providers.Factory(CredentialPurge, new_id=new_id),
        end_session=_end_session,
    )
    change_password = providers.Singleton(
        ChangePassword,
        **_basic,
        profiles=directory,
        new_passwords=_new_passwords,
        end_session=_end_session,
    )
    request_email_change = providers.Singleton(
        RequestEmailChange,
        **_basic,
        directory=directory,
        throttle=throttle,
        issue_link=_issue_link,
    )
    confirm_email_change = providers.Singleton(
        ConfirmEmailChange, **_following, issue_link=_issue_link
    )
    undo_email_change = providers.Singleton(
        UndoEmailChange, **_following, issue_link=_issue_link, end_session=_end_session
    )
    answer_reset_requests = providers.Singleton(
        AnswerResetRequests, begin=begin, issue_link=_issue_link, clock=clock
    )
    forget_links = providers.Singleton(ForgetLinks, begin=begin, clock=clock)

    # notifications
    send_mails = providers.Singleton(
        SendMails,
        dispatch=providers.Factory(PostgresMailDispatch, pool, secret_box),
        send=providers.Factory(create_sender, _mail_url, _message_writer),
        journal=providers.Factory(LoggedMails, log),
        clock=clock,
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
