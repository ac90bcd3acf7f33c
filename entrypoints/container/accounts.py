"""The use cases of accounts: getting in, sessions, the second factor, administration."""

from typing import ClassVar

from dependency_injector import providers

from adapters.devices.device_names import UaParserDeviceNames
from adapters.postgres.sessions import PostgresSessionReader
from adapters.security.random_bits import random_256_bits
from application.accounts.api_token_check import ApiTokenCheck
from application.accounts.api_token_end import ApiTokenEnd
from application.accounts.authenticate import Authenticate
from application.accounts.claim_administration import ClaimAdministration
from application.accounts.disable_totp import DisableTotp
from application.accounts.get_jwks import GetJwks
from application.accounts.get_profile import GetProfile
from application.accounts.issue_admin_code import IssueAdminCode
from application.accounts.links import LinkAttempts, LinkIssue
from application.accounts.list_sessions import ListSessions
from application.accounts.list_users import ListUsers
from application.accounts.log_in import LogIn
from application.accounts.log_out import LogOut
from application.accounts.new_passwords import NewPasswords
from application.accounts.password_closure import PasswordClosure
from application.accounts.reauthenticate import Reauthenticate
from application.accounts.refresh_session import RefreshSession
from application.accounts.refused_access import RefusedAccess
from application.accounts.refused_sign_in import RefusedSignIn
from application.accounts.register_user import RegisterUser
from application.accounts.replace_recovery_codes import ReplaceRecoveryCodes
from application.accounts.revoke_all_sessions import RevokeAllSessions
from application.accounts.revoke_session import RevokeSession
from application.accounts.revoke_sessions import RevokeSessions
from application.accounts.revoke_user_sessions import RevokeUserSessions
from application.accounts.second_factor_check import SecondFactorCheck
from application.accounts.session_end import SessionEnd
from application.accounts.set_up_totp import SetUpTotp
from application.accounts.set_user_role import SetUserRole
from application.accounts.signed_in import SessionStart
from application.accounts.surroundings import NewSurroundings
from application.accounts.update_profile import UpdateProfile
from application.accounts.update_settings import UpdateSettings
from application.accounts.verify_totp import VerifyTotp
from domain.accounts.api_token_text import TokenEnvironment
from domain.accounts.attempts import AttemptLimit
from entrypoints.container.adapters import Adapters
from entrypoints.setting_values import Mode


def token_environment(mode: Mode) -> TokenEnvironment:
    """What API tokens of a deployment are marked with."""
    return TokenEnvironment.LIVE if mode is Mode.PRODUCTION else TokenEnvironment.DEV


class Accounts(Adapters):
    """The use cases of accounts: getting in, sessions, second factor, administration."""

    # accounts
    _device_names = providers.Singleton(UaParserDeviceNames)
    _start_session = providers.Singleton(
        SessionStart,
        access_tokens=Adapters.access_tokens,
        refresh_tokens=Adapters.refresh_tokens,
        tell=providers.Singleton(
            NewSurroundings, device_names=_device_names, new_id=Adapters.new_id
        ),
        new_id=Adapters.new_id,
    )
    _close_password = providers.Singleton(PasswordClosure, new_id=Adapters.new_id)
    _end_session = providers.Singleton(
        SessionEnd, active_sessions=Adapters.active_sessions, new_id=Adapters.new_id
    )
    _second_factor = providers.Singleton(
        SecondFactorCheck,
        begin=Adapters.begin,
        codes=Adapters.totp_codes,
        secrets=Adapters.one_time_secrets,
        box=Adapters.secret_box,
        throttle=Adapters.throttle,
        clock=Adapters.clock,
        new_id=Adapters.new_id,
    )
    _token_environment = providers.Callable(token_environment, Adapters.settings.provided.mode)
    _check_api_token = providers.Singleton(
        ApiTokenCheck,
        environment=_token_environment,
        tokens=Adapters.api_tokens,
        uses=Adapters.api_token_uses,
    )
    _end_api_token = providers.Singleton(
        ApiTokenEnd, tokens=Adapters.api_tokens, new_id=Adapters.new_id
    )
    _new_secret = providers.Object(random_256_bits)
    _new_passwords = providers.Singleton(
        NewPasswords, hasher=Adapters.hasher, common_passwords=Adapters.common_passwords
    )
    _issue_link = providers.Singleton(
        LinkIssue, secrets=Adapters.one_time_secrets, new_id=Adapters.new_id
    )
    _link_limit = providers.Factory(
        AttemptLimit, attempts=Adapters.settings.provided.mail.link_attempts_per_hour, seconds=3600
    )
    _link_attempts = providers.Singleton(
        LinkAttempts, throttle=Adapters.throttle, limit=_link_limit
    )
    _basic: ClassVar = {"begin": Adapters.begin, "clock": Adapters.clock, "new_id": Adapters.new_id}
    _following: ClassVar = {
        **_basic,
        "secrets": Adapters.one_time_secrets,
        "attempts": _link_attempts,
    }
    _refuse_access = providers.Singleton(
        RefusedAccess,
        begin=Adapters.begin,
        throttle=Adapters.throttle,
        new_id=Adapters.new_id,
    )
    authenticate = providers.Singleton(
        Authenticate,
        access_tokens=Adapters.access_tokens,
        active_sessions=Adapters.active_sessions,
        check_api_token=_check_api_token,
        refuse=_refuse_access,
        clock=Adapters.clock,
    )
    register_user = providers.Singleton(
        RegisterUser,
        **_basic,
        new_passwords=_new_passwords,
        throttle=Adapters.throttle,
        devices=Adapters.known_devices,
        limit=Adapters.registration_limit,
        start_session=_start_session,
        issue_link=_issue_link,
    )
    _refuse_sign_in = providers.Singleton(
        RefusedSignIn,
        begin=Adapters.begin,
        throttle=Adapters.throttle,
        close=_close_password,
        pseudonym=Adapters.pseudonym,
        new_id=Adapters.new_id,
    )
    log_in = providers.Singleton(
        LogIn,
        begin=Adapters.begin,
        passwords=Adapters.password_attempts,
        hasher=Adapters.hasher,
        throttle=Adapters.throttle,
        second_factor=_second_factor,
        devices=Adapters.known_devices,
        network_limit=providers.Factory(
            AttemptLimit,
            attempts=Adapters.settings.provided.security.sign_ins_per_minute,
            seconds=60,
        ),
        start_session=_start_session,
        refuse=_refuse_sign_in,
        clock=Adapters.clock,
    )
    refresh_session = providers.Singleton(
        RefreshSession,
        **_basic,
        profiles=Adapters.directory,
        access_tokens=Adapters.access_tokens,
        refresh_tokens=Adapters.refresh_tokens,
        end_session=_end_session,
    )
    log_out = providers.Singleton(
        LogOut, begin=Adapters.begin, end_session=_end_session, clock=Adapters.clock
    )
    get_profile = providers.Singleton(GetProfile, profiles=Adapters.directory)
    update_profile = providers.Singleton(
        UpdateProfile, begin=Adapters.begin, clock=Adapters.clock, new_id=Adapters.new_id
    )
    update_settings = providers.Singleton(
        UpdateSettings, begin=Adapters.begin, clock=Adapters.clock, new_id=Adapters.new_id
    )
    set_up_totp = providers.Singleton(
        SetUpTotp,
        begin=Adapters.begin,
        codes=Adapters.totp_codes,
        box=Adapters.secret_box,
        clock=Adapters.clock,
        new_id=Adapters.new_id,
    )
    verify_totp = providers.Singleton(
        VerifyTotp,
        begin=Adapters.begin,
        codes=Adapters.totp_codes,
        secrets=Adapters.one_time_secrets,
        box=Adapters.secret_box,
        throttle=Adapters.throttle,
        end_session=_end_session,
        clock=Adapters.clock,
        new_id=Adapters.new_id,
    )
    disable_totp = providers.Singleton(
        DisableTotp, begin=Adapters.begin, clock=Adapters.clock, new_id=Adapters.new_id
    )
    replace_recovery_codes = providers.Singleton(
        ReplaceRecoveryCodes,
        begin=Adapters.begin,
        secrets=Adapters.one_time_secrets,
        clock=Adapters.clock,
        new_id=Adapters.new_id,
    )
    reauthenticate = providers.Singleton(
        Reauthenticate,
        begin=Adapters.begin,
        passwords=Adapters.password_attempts,
        hasher=Adapters.hasher,
        throttle=Adapters.throttle,
        second_factor=_second_factor,
        active_sessions=Adapters.active_sessions,
        close=_close_password,
        clock=Adapters.clock,
        new_id=Adapters.new_id,
    )
    list_sessions = providers.Singleton(
        ListSessions,
        sessions=providers.Factory(PostgresSessionReader, Adapters.pool),
        device_names=_device_names,
        clock=Adapters.clock,
    )
    revoke_session = providers.Singleton(
        RevokeSession, begin=Adapters.begin, end_session=_end_session, clock=Adapters.clock
    )
    revoke_sessions = providers.Singleton(
        RevokeSessions, begin=Adapters.begin, end_session=_end_session, clock=Adapters.clock
    )
    issue_admin_code = providers.Singleton(
        IssueAdminCode,
        begin=Adapters.begin,
        secrets=Adapters.one_time_secrets,
        clock=Adapters.clock,
    )
    claim_administration = providers.Singleton(
        ClaimAdministration,
        begin=Adapters.begin,
        secrets=Adapters.one_time_secrets,
        throttle=Adapters.throttle,
        clock=Adapters.clock,
        new_id=Adapters.new_id,
    )
    list_users = providers.Singleton(ListUsers, **_basic, users=Adapters.directory)
    set_user_role = providers.Singleton(
        SetUserRole,
        begin=Adapters.begin,
        end_session=_end_session,
        clock=Adapters.clock,
        new_id=Adapters.new_id,
    )
    revoke_user_sessions = providers.Singleton(
        RevokeUserSessions, begin=Adapters.begin, end_session=_end_session, clock=Adapters.clock
    )
    revoke_all_sessions = providers.Singleton(
        RevokeAllSessions, begin=Adapters.begin, clock=Adapters.clock, new_id=Adapters.new_id
    )
    get_jwks = providers.Singleton(GetJwks, access_tokens=Adapters.access_tokens)
