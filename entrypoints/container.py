"""The composition root: which adapter stands behind which port. Nothing else knows both."""

import asyncio
import hmac
from typing import ClassVar

from dependency_injector import containers, providers

from adapters.devices.device_names import UaParserDeviceNames
from adapters.mail.folder import EmlFolder
from adapters.mail.message import MessageWriter
from adapters.mail.senders import create_sender
from adapters.mail.templates import MailTemplates
from adapters.memory.attempt_throttle import FairShare, LocalAttemptThrottle
from adapters.postgres.accounts import PostgresUserDirectory
from adapters.postgres.active_sessions import PostgresActiveSessions
from adapters.postgres.api_token_grants import PostgresApiTokens
from adapters.postgres.api_token_uses import PostgresApiTokenUses
from adapters.postgres.api_tokens import PostgresApiTokenReader
from adapters.postgres.audit_chain import PostgresChainReader
from adapters.postgres.audit_log import PostgresAuditReader
from adapters.postgres.blocklists import PostgresBlockedArtistReader
from adapters.postgres.catalog import PostgresArtistSearch
from adapters.postgres.health import PostgresHealthProbe
from adapters.postgres.identities import PostgresIdentityReader
from adapters.postgres.kept_answers import PostgresKeptAnswers
from adapters.postgres.links import PostgresLinkDirectory
from adapters.postgres.mail_queue import PostgresMailDispatch
from adapters.postgres.migrations import latest_version
from adapters.postgres.outbox import PostgresEventRelay
from adapters.postgres.passkeys import PostgresPasskeyReader
from adapters.postgres.pool import create_pool
from adapters.postgres.privacy import (
    PostgresDeletionReader,
    PostgresPersonalData,
    PostgresRetention,
)
from adapters.postgres.sessions import PostgresSessionReader
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
from adapters.security.random_bits import random_256_bits
from adapters.security.refresh_tokens import HmacRefreshTokens
from adapters.security.secret_box import AesGcmSecretBox
from adapters.security.totp import PyotpTotpCodes
from adapters.security.webauthn import LibraryPasskeyVerifier
from adapters.system.clock import utc_now
from adapters.system.new_id import UuidV7
from adapters.telemetry.events import LoggedEvents
from adapters.telemetry.logs import create_logger
from adapters.telemetry.mails import LoggedMails
from adapters.telemetry.metrics import Metrics
from application.accounts.answer_reset_requests import AnswerResetRequests
from application.accounts.api_token_check import ApiTokenCheck
from application.accounts.api_token_end import ApiTokenEnd
from application.accounts.attempt_start import AttemptStart
from application.accounts.authenticate import Authenticate
from application.accounts.change_password import ChangePassword
from application.accounts.claim_administration import ClaimAdministration
from application.accounts.complete_provider_sign_in import CompleteProviderSignIn
from application.accounts.confirm_email_change import ConfirmEmailChange
from application.accounts.create_api_token import CreateApiToken
from application.accounts.credential_purge import CredentialPurge
from application.accounts.disable_totp import DisableTotp
from application.accounts.finish_provider_sign_in import FinishProviderSignIn
from application.accounts.forget_links import ForgetLinks
from application.accounts.get_jwks import GetJwks
from application.accounts.get_profile import GetProfile
from application.accounts.identity_link import IdentityLink
from application.accounts.issue_admin_code import IssueAdminCode
from application.accounts.links import LinkAttempts, LinkIssue
from application.accounts.list_api_tokens import ListApiTokens
from application.accounts.list_identities import ListIdentities
from application.accounts.list_passkeys import ListPasskeys
from application.accounts.list_providers import ListProviders
from application.accounts.list_sessions import ListSessions
from application.accounts.list_users import ListUsers
from application.accounts.log_in import LogIn
from application.accounts.log_out import LogOut
from application.accounts.new_passwords import NewPasswords
from application.accounts.passkey_proof import PasskeyProof
from application.accounts.reauthenticate import Reauthenticate
from application.accounts.reauthenticate_with_passkey import ReauthenticateWithPasskey
from application.accounts.refresh_session import RefreshSession
from application.accounts.refused_sign_in import RefusedSignIn
from application.accounts.register_passkey import RegisterPasskey
from application.accounts.register_user import RegisterUser
from application.accounts.remove_passkey import RemovePasskey
from application.accounts.rename_passkey import RenamePasskey
from application.accounts.replace_recovery_codes import ReplaceRecoveryCodes
from application.accounts.request_email_change import RequestEmailChange
from application.accounts.request_email_verification import RequestEmailVerification
from application.accounts.request_password_reset import RequestPasswordReset
from application.accounts.reset_password import ResetPassword
from application.accounts.revoke_all_sessions import RevokeAllSessions
from application.accounts.revoke_api_token import RevokeApiToken
from application.accounts.revoke_session import RevokeSession
from application.accounts.revoke_sessions import RevokeSessions
from application.accounts.revoke_user_sessions import RevokeUserSessions
from application.accounts.rotate_api_token import RotateApiToken
from application.accounts.second_factor_check import SecondFactorCheck
from application.accounts.session_end import SessionEnd
from application.accounts.set_up_totp import SetUpTotp
from application.accounts.set_user_role import SetUserRole
from application.accounts.sign_in_with_passkey import SignInWithPasskey
from application.accounts.signed_in import SessionStart
from application.accounts.start_passkey_registration import StartPasskeyRegistration
from application.accounts.start_passkey_sign_in import StartPasskeySignIn
from application.accounts.start_provider_link import StartProviderLink
from application.accounts.start_provider_sign_in import StartProviderSignIn
from application.accounts.undo_email_change import UndoEmailChange
from application.accounts.unlink_identity import UnlinkIdentity
from application.accounts.update_profile import UpdateProfile
from application.accounts.update_settings import UpdateSettings
from application.accounts.verify_email import VerifyEmail
from application.accounts.verify_totp import VerifyTotp
from application.audit.expire_audit_records import ExpireAuditRecords
from application.audit.list_all_audit_events import ListAllAuditEvents
from application.audit.list_audit_events import ListAuditEvents
from application.audit.read_chain_head import ReadChainHead
from application.audit.seal_audit_log import SealAuditLog
from application.audit.verify_audit_log import VerifyAuditLog
from application.blocklists.block_artist import BlockArtist
from application.blocklists.export_blocked_artists import ExportBlockedArtists
from application.blocklists.get_blocked_artist import GetBlockedArtist
from application.blocklists.import_blocked_artists import ImportBlockedArtists
from application.blocklists.list_blocked_artists import ListBlockedArtists
from application.blocklists.unblock_artist import UnblockArtist
from application.blocklists.update_blocked_artist import UpdateBlockedArtist
from application.catalog.search_artists import SearchArtists
from application.notifications.send_mails import SendMails
from application.privacy.apply_retention import ApplyRetention
from application.privacy.cancel_deletion import CancelDeletion
from application.privacy.erase_users import EraseUsers
from application.privacy.export_user_data import ExportUserData
from application.privacy.get_deletion import GetDeletion
from application.privacy.request_deletion import RequestDeletion
from application.shared.answer_once import AnswerOnce
from application.shared.check_health import CheckHealth
from application.shared.check_liveness import CheckLiveness
from application.shared.check_readiness import CheckReadiness
from application.shared.forget_answers import ForgetAnswers
from application.shared.relay_events import RelayEvents
from domain.accounts.api_token import ACCOUNT_REQUESTS_PER_MINUTE
from domain.accounts.api_token_text import TokenEnvironment
from domain.accounts.attempts import AttemptLimit
from domain.accounts.passkey import RelyingParty
from domain.audit.chain import ChainKey
from entrypoints.http.audit.cursor import AuditCursorCodec
from entrypoints.http.blocklists.cursor import CursorCodec
from entrypoints.setting_values import Mode
from entrypoints.settings import Settings


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
    active_sessions = providers.Singleton(PostgresActiveSessions, pool)
    api_tokens = providers.Singleton(PostgresApiTokens, pool)
    api_token_uses = providers.Singleton(PostgresApiTokenUses, pool)
    identities = providers.Singleton(PostgresIdentityReader, pool)
    artist_search = providers.Singleton(PostgresArtistSearch, pool)
    blocked_artists = providers.Singleton(PostgresBlockedArtistReader, pool)
    audit_records = providers.Singleton(PostgresAuditReader, pool)
    chain_reader = providers.Singleton(PostgresChainReader, pool)
    kept_answers = providers.Singleton(PostgresKeptAnswers, pool, secret_box)
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
        Authenticate,
        access_tokens=access_tokens,
        active_sessions=active_sessions,
        check_api_token=_check_api_token,
        clock=clock,
    )
    register_user = providers.Singleton(
        RegisterUser,
        **_basic,
        new_passwords=_new_passwords,
        throttle=throttle,
        devices=known_devices,
        limit=registration_limit,
        start_session=_start_session,
        issue_link=_issue_link,
    )
    _refuse_sign_in = providers.Singleton(
        RefusedSignIn, begin=begin, throttle=throttle, pseudonym=pseudonym, new_id=new_id
    )
    log_in = providers.Singleton(
        LogIn,
        begin=begin,
        directory=directory,
        hasher=hasher,
        throttle=throttle,
        second_factor=_second_factor,
        devices=known_devices,
        network_limit=providers.Factory(
            AttemptLimit, attempts=settings.provided.security.sign_ins_per_minute, seconds=60
        ),
        start_session=_start_session,
        refuse=_refuse_sign_in,
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
    set_up_totp = providers.Singleton(
        SetUpTotp, begin=begin, codes=totp_codes, box=secret_box, clock=clock, new_id=new_id
    )
    verify_totp = providers.Singleton(
        VerifyTotp,
        begin=begin,
        codes=totp_codes,
        secrets=one_time_secrets,
        box=secret_box,
        throttle=throttle,
        end_session=_end_session,
        clock=clock,
        new_id=new_id,
    )
    disable_totp = providers.Singleton(DisableTotp, begin=begin, clock=clock, new_id=new_id)
    replace_recovery_codes = providers.Singleton(
        ReplaceRecoveryCodes, begin=begin, secrets=one_time_secrets, clock=clock, new_id=new_id
    )
    reauthenticate = providers.Singleton(
        Reauthenticate,
        begin=begin,
        directory=directory,
        hasher=hasher,
        throttle=throttle,
        second_factor=_second_factor,
        active_sessions=active_sessions,
        clock=clock,
        new_id=new_id,
    )
    list_sessions = providers.Singleton(
        ListSessions,
        sessions=providers.Factory(PostgresSessionReader, pool),
        device_names=providers.Factory(UaParserDeviceNames),
        clock=clock,
    )
    revoke_session = providers.Singleton(
        RevokeSession, begin=begin, end_session=_end_session, clock=clock
    )
    revoke_sessions = providers.Singleton(
        RevokeSessions, begin=begin, end_session=_end_session, clock=clock
    )
    issue_admin_code = providers.Singleton(
        IssueAdminCode, begin=begin, secrets=one_time_secrets, clock=clock
    )
    claim_administration = providers.Singleton(
        ClaimAdministration,
        begin=begin,
        secrets=one_time_secrets,
        throttle=throttle,
        clock=clock,
        new_id=new_id,
    )
    list_users = providers.Singleton(ListUsers, users=directory)
    set_user_role = providers.Singleton(
        SetUserRole, begin=begin, end_session=_end_session, clock=clock, new_id=new_id
    )
    revoke_user_sessions = providers.Singleton(
        RevokeUserSessions, begin=begin, end_session=_end_session, clock=clock
    )
    revoke_all_sessions = providers.Singleton(
        RevokeAllSessions, begin=begin, clock=clock, new_id=new_id
    )
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
        end_api_token=_end_api_token,
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
        UndoEmailChange,
        **_following,
        issue_link=_issue_link,
        end_session=_end_session,
        end_api_token=_end_api_token,
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
    # accounts: providers
    _registration_limit = providers.Factory(
        AttemptLimit,
        attempts=settings.provided.security.registrations_per_hour,
        seconds=3600,
    )
    _start_attempt = providers.Singleton(
        AttemptStart,
        begin=begin,
        providers=identity_providers,
        secrets=one_time_secrets,
        box=secret_box,
        clock=clock,
        new_id=new_id,
    )
    _link_identity = providers.Singleton(IdentityLink, new_id=new_id)
    list_providers = providers.Singleton(ListProviders, providers=identity_providers)
    start_provider_sign_in = providers.Singleton(
        StartProviderSignIn,
        providers=identity_providers,
        throttle=throttle,
        start=_start_attempt,
    )
    start_provider_link = providers.Singleton(
        StartProviderLink,
        providers=identity_providers,
        throttle=throttle,
        start=_start_attempt,
    )
    finish_provider_sign_in = providers.Singleton(
        FinishProviderSignIn,
        begin=begin,
        providers=identity_providers,
        secrets=one_time_secrets,
        box=secret_box,
        link=_link_identity,
        pause=providers.Object(asyncio.sleep),
        clock=clock,
    )
    complete_provider_sign_in = providers.Singleton(
        CompleteProviderSignIn,
        begin=begin,
        secrets=one_time_secrets,
        box=secret_box,
        throttle=throttle,
        limit=_registration_limit,
        second_factor=_second_factor,
        refuse=_refuse_sign_in,
        link=_link_identity,
        start_session=_start_session,
        clock=clock,
        new_id=new_id,
    )
    list_identities = providers.Singleton(ListIdentities, identities=identities)
    unlink_identity = providers.Singleton(UnlinkIdentity, begin=begin, clock=clock, new_id=new_id)

    # catalog
    search_artists = providers.Singleton(SearchArtists, artists=artist_search)

    # blocklists
    list_blocked_artists = providers.Singleton(ListBlockedArtists, reader=blocked_artists)
    get_blocked_artist = providers.Singleton(GetBlockedArtist, reader=blocked_artists)
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

    # privacy
    export_user_data = providers.Singleton(
        ExportUserData,
        begin=begin,
        personal_data=providers.Factory(PostgresPersonalData, pool),
        clock=clock,
        new_id=new_id,
    )
    request_deletion = providers.Singleton(RequestDeletion, begin=begin, clock=clock, new_id=new_id)
    cancel_deletion = providers.Singleton(CancelDeletion, begin=begin, clock=clock, new_id=new_id)
    get_deletion = providers.Singleton(
        GetDeletion, deletions=providers.Factory(PostgresDeletionReader, pool)
    )
    erase_users = providers.Singleton(EraseUsers, begin=begin, clock=clock, new_id=new_id)
    apply_retention = providers.Singleton(
        ApplyRetention, retention=providers.Factory(PostgresRetention, pool), clock=clock
    )
    # audit
    list_audit_events = providers.Singleton(ListAuditEvents, reader=audit_records)
    list_all_audit_events = providers.Singleton(ListAllAuditEvents, reader=audit_records)
    seal_audit_log = providers.Singleton(SealAuditLog, begin=begin)
    expire_audit_records = providers.Singleton(
        ExpireAuditRecords, begin=begin, clock=clock, new_id=new_id
    )
    verify_audit_log = providers.Singleton(
        VerifyAuditLog, reader=chain_reader, key=chain_key, clock=clock
    )
    read_chain_head = providers.Singleton(ReadChainHead, reader=chain_reader, key=chain_key)

    # shared
    answer_once = providers.Singleton(AnswerOnce, answers=kept_answers, clock=clock)
    forget_answers = providers.Singleton(ForgetAnswers, answers=kept_answers, clock=clock)
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
