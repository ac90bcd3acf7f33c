"""The use cases of addresses and passwords on fakes, and the eyes of who reads the mail."""

from application.accounts.answer_reset_requests import AnswerResetRequests
from application.accounts.api_token_end import ApiTokenEnd
from application.accounts.change_password import ChangePassword, PasswordChange
from application.accounts.confirm_email_change import ConfirmEmailChange
from application.accounts.credential_purge import CredentialPurge
from application.accounts.forget_links import ForgetLinks
from application.accounts.links import LinkAttempts, LinkIssue
from application.accounts.new_passwords import NewPasswords
from application.accounts.presented_link import PresentedLink
from application.accounts.request_email_change import RequestEmailChange, WantedEmail
from application.accounts.request_email_verification import (
    RequestEmailVerification,
    VerificationRequest,
)
from application.accounts.request_password_reset import ForgottenPassword, RequestPasswordReset
from application.accounts.reset_password import ChosenPassword, ResetPassword
from application.accounts.session_end import SessionEnd
from application.accounts.throttling import AttemptThrottle
from application.accounts.undo_email_change import UndoEmailChange
from application.accounts.verify_email import VerifyEmail
from application.notifications.send_mails import SendMails
from domain.accounts.attempts import AttemptLimit
from domain.accounts.principal import Principal
from domain.shared.ids import UserId
from domain.shared.mail import Mail, MailKind
from domain.shared.origin import Origin
from tests.builders.accounts import an_origin
from tests.fakes.accounts import FakeUserDirectory, begin_accounts
from tests.fakes.links import FakeLinkDirectory
from tests.fakes.mails import FakeMailDispatch, FakeMailJournal, FakeMailSender
from tests.fakes.security import FakeOneTimeSecrets
from tests.fakes.shared import FakeClock, FakeDatabase, FakeNewId

ORIGIN = an_origin()
NEW_PASSWORD = "nine loud herons on a pier"
LINK_ATTEMPTS = AttemptLimit(attempts=5, seconds=3600)


class MailWorld:
    """What somebody can do with their address and password, and what comes by mail."""

    def __init__(
        self,
        *,
        database: FakeDatabase,
        clock: FakeClock,
        new_id: FakeNewId,
        secrets: FakeOneTimeSecrets,
        throttle: AttemptThrottle,
        new_passwords: NewPasswords,
        issue_link: LinkIssue,
        end_session: SessionEnd,
        end_api_token: ApiTokenEnd,
    ) -> None:
        self._database = database
        begin, directory = begin_accounts(database), FakeUserDirectory(database)
        attempts = LinkAttempts(throttle=throttle, limit=LINK_ATTEMPTS)
        self.request_email_verification = RequestEmailVerification(
            begin=begin, profiles=directory, throttle=throttle, issue_link=issue_link, clock=clock
        )
        self.verify_email = VerifyEmail(
            begin=begin, secrets=secrets, attempts=attempts, clock=clock, new_id=new_id
        )
        self.request_password_reset = RequestPasswordReset(
            begin=begin, throttle=throttle, limit=LINK_ATTEMPTS, clock=clock
        )
        self.answer_reset_requests = AnswerResetRequests(
            begin=begin, issue_link=issue_link, clock=clock
        )
        purge = CredentialPurge(new_id=new_id)
        self.reset_password = ResetPassword(
            begin=begin,
            directory=FakeLinkDirectory(database),
            secrets=secrets,
            new_passwords=new_passwords,
            attempts=attempts,
            purge=purge,
            end_session=end_session,
            end_api_token=end_api_token,
            clock=clock,
            new_id=new_id,
        )
        self.change_password = ChangePassword(
            begin=begin,
            profiles=directory,
            new_passwords=new_passwords,
            end_session=end_session,
            clock=clock,
            new_id=new_id,
        )
        self.request_email_change = RequestEmailChange(
            begin=begin,
            directory=directory,
            throttle=throttle,
            issue_link=issue_link,
            clock=clock,
            new_id=new_id,
        )
        self.confirm_email_change = ConfirmEmailChange(
            begin=begin,
            secrets=secrets,
            attempts=attempts,
            issue_link=issue_link,
            clock=clock,
            new_id=new_id,
        )
        self.undo_email_change = UndoEmailChange(
            begin=begin,
            secrets=secrets,
            attempts=attempts,
            issue_link=issue_link,
            purge=purge,
            end_session=end_session,
            end_api_token=end_api_token,
            clock=clock,
            new_id=new_id,
        )
        self.forget_links = ForgetLinks(begin=begin, clock=clock)
        self.sender, self.journal = FakeMailSender(), FakeMailJournal()
        self.send_mails = SendMails(
            dispatch=FakeMailDispatch(database),
            send=self.sender,
            journal=self.journal,
            clock=clock,
        )

    def to(self, address: str, kind: MailKind | None = None) -> list[Mail]:
        """What was written to an address, oldest first."""
        mails = self._database.rows.mails
        return [m for m in mails if m.to == address and kind in {None, m.kind}]

    def token(self, address: str, kind: MailKind) -> str:
        """The secret in the newest message of a kind."""
        return self.to(address, kind)[-1].values["token"]

    async def verify(self, token: str, origin: Origin = ORIGIN) -> None:
        """Prove an address."""
        await self.verify_email(PresentedLink(token=token, origin=origin))

    async def ask_to_verify(self, actor: UserId) -> None:
        """Ask for another link."""
        await self.request_email_verification(VerificationRequest(actor=actor, origin=ORIGIN))

    async def forget(self, email: str, origin: Origin = ORIGIN) -> None:
        """Say that a password is forgotten; the worker does its part."""
        await self.request_password_reset(ForgottenPassword(email=email, origin=origin))
        await self.answer_reset_requests()

    async def reset(self, token: str, password: str = NEW_PASSWORD) -> None:
        """Choose a new password by a link."""
        await self.reset_password(ChosenPassword(token=token, password=password, origin=ORIGIN))

    async def change(self, principal: Principal, password: str = NEW_PASSWORD) -> None:
        """Choose a new password while signed in."""
        assert principal.session_id is not None
        await self.change_password(
            PasswordChange(
                actor=principal.user_id,
                session_id=principal.session_id,
                password=password,
                origin=ORIGIN,
            )
        )

    async def ask_to_move(self, actor: UserId, email: str) -> None:
        """Ask for another address."""
        await self.request_email_change(WantedEmail(actor=actor, email=email, origin=ORIGIN))

    async def move(self, token: str) -> None:
        """Confirm another address."""
        await self.confirm_email_change(PresentedLink(token=token, origin=ORIGIN))

    async def undo(self, token: str) -> None:
        """Take an account back."""
        await self.undo_email_change(PresentedLink(token=token, origin=ORIGIN))
