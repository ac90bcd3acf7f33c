"""The use cases of addresses and passwords, and the sending of mail."""

from dependency_injector import providers

from adapters.mail.senders import create_sender
from adapters.postgres.links import PostgresLinkDirectory
from adapters.postgres.mail_queue import PostgresMailDispatch
from adapters.telemetry.mails import LoggedMails
from application.accounts.answer_reset_requests import AnswerResetRequests
from application.accounts.change_password import ChangePassword
from application.accounts.confirm_email_change import ConfirmEmailChange
from application.accounts.credential_purge import CredentialPurge
from application.accounts.forget_links import ForgetLinks
from application.accounts.request_email_change import RequestEmailChange
from application.accounts.request_email_verification import RequestEmailVerification
from application.accounts.request_password_reset import RequestPasswordReset
from application.accounts.reset_password import ResetPassword
from application.accounts.undo_email_change import UndoEmailChange
from application.accounts.verify_email import VerifyEmail
from application.notifications.send_mails import SendMails
from entrypoints.container.accounts import Accounts


class Addresses(Accounts):
    """The use cases of addresses and passwords, and the sending of mail."""

    request_email_verification = providers.Singleton(
        RequestEmailVerification,
        begin=Accounts.begin,
        profiles=Accounts.directory,
        throttle=Accounts.throttle,
        issue_link=Accounts._issue_link,
        clock=Accounts.clock,
    )
    verify_email = providers.Singleton(VerifyEmail, **Accounts._following)
    request_password_reset = providers.Singleton(
        RequestPasswordReset,
        begin=Accounts.begin,
        throttle=Accounts.throttle,
        limit=Accounts._link_limit,
        clock=Accounts.clock,
    )
    _purge = providers.Singleton(CredentialPurge, new_id=Accounts.new_id)
    reset_password = providers.Singleton(
        ResetPassword,
        **Accounts._following,
        directory=providers.Factory(PostgresLinkDirectory, Accounts.pool),
        new_passwords=Accounts._new_passwords,
        purge=_purge,
        end_session=Accounts._end_session,
        end_api_token=Accounts._end_api_token,
    )
    change_password = providers.Singleton(
        ChangePassword,
        **Accounts._basic,
        profiles=Accounts.directory,
        new_passwords=Accounts._new_passwords,
        end_session=Accounts._end_session,
    )
    request_email_change = providers.Singleton(
        RequestEmailChange,
        **Accounts._basic,
        directory=Accounts.directory,
        throttle=Accounts.throttle,
        issue_link=Accounts._issue_link,
    )
    confirm_email_change = providers.Singleton(
        ConfirmEmailChange, **Accounts._following, issue_link=Accounts._issue_link
    )
    undo_email_change = providers.Singleton(
        UndoEmailChange,
        **Accounts._following,
        issue_link=Accounts._issue_link,
        purge=_purge,
        end_session=Accounts._end_session,
        end_api_token=Accounts._end_api_token,
    )
    answer_reset_requests = providers.Singleton(
        AnswerResetRequests,
        begin=Accounts.begin,
        issue_link=Accounts._issue_link,
        clock=Accounts.clock,
    )
    forget_links = providers.Singleton(ForgetLinks, begin=Accounts.begin, clock=Accounts.clock)

    # notifications
    send_mails = providers.Singleton(
        SendMails,
        dispatch=providers.Factory(PostgresMailDispatch, Accounts.pool, Accounts.secret_box),
        send=providers.Factory(create_sender, Accounts._mail_url, Accounts._message_writer),
        journal=providers.Factory(LoggedMails, Accounts.log),
        clock=Accounts.clock,
    )
