"""Routes of addresses and passwords, and of the links that prove them."""

from typing import Any

from litestar import MediaType, Request, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from application.accounts.change_password import ChangePassword
from application.accounts.change_password import PasswordChange as PasswordChangeCommand
from application.accounts.confirm_email_change import ConfirmEmailChange
from application.accounts.presented_link import PresentedLink
from application.accounts.request_email_change import RequestEmailChange, WantedEmail
from application.accounts.request_email_verification import (
    RequestEmailVerification,
    VerificationRequest,
)
from application.accounts.request_password_reset import ForgottenPassword as ForgottenCommand
from application.accounts.request_password_reset import RequestPasswordReset
from application.accounts.reset_password import ChosenPassword, ResetPassword
from application.accounts.undo_email_change import UndoEmailChange
from application.accounts.verify_email import VerifyEmail
from domain.accounts.errors import InvalidLinkError, SignInBusyError, TooManyAttemptsError
from entrypoints.http.accounts.mail_schemas import (
    EmailChange,
    ForgottenPassword,
    LinkToken,
    PasswordChange,
    PasswordReset,
)
from entrypoints.http.authentication import origin_of, principal_of, session_of
from entrypoints.http.contract import contract

_BODY_BYTES = 8 * 1024


@post(
    "/api/v1/auth/email/verification",
    operation_id="requestEmailVerification",
    summary="Ask for another link that proves one's address",
    tags=["accounts"],
    status_code=202,
    media_type=MediaType.TEXT,  # nothing: as JSON it would be `null`
    opt=contract(TooManyAttemptsError, idempotent=True),
)
async def request_email_verification_route(
    request: Request[Any, Any, Any],
    request_email_verification: NamedDependency[RequestEmailVerification],
) -> None:
    """The link before stops working. An address that is proven already gets none."""
    await request_email_verification(
        VerificationRequest(actor=principal_of(request).user_id, origin=origin_of(request))
    )


@post(
    "/api/v1/auth/email/verify",
    operation_id="verifyEmail",
    summary="Prove one's address by a link",
    tags=["accounts"],
    status_code=204,
    request_max_body_size=_BODY_BYTES,
    opt=contract(InvalidLinkError, TooManyAttemptsError, needs_no_key="a link works once"),
)
async def verify_email_route(
    request: Request[Any, Any, Any],
    data: JSONBody[LinkToken],
    verify_email: NamedDependency[VerifyEmail],
) -> None:
    """Works once, for an hour."""
    await verify_email(PresentedLink(token=data.token, origin=origin_of(request)))


@post(
    "/api/v1/auth/password/forgot",
    operation_id="requestPasswordReset",
    summary="Ask for a link by which to choose a new password",
    tags=["accounts"],
    status_code=202,
    media_type=MediaType.TEXT,  # nothing: as JSON it would be `null`
    request_max_body_size=_BODY_BYTES,
    opt=contract(TooManyAttemptsError, idempotent=True),
)
async def request_password_reset_route(
    request: Request[Any, Any, Any],
    data: JSONBody[ForgottenPassword],
    request_password_reset: NamedDependency[RequestPasswordReset],
) -> None:
    """Answers the same whether the address has an account or not.

    No address is written to more than five times an hour.
    """
    await request_password_reset(ForgottenCommand(email=data.email, origin=origin_of(request)))


@post(
    "/api/v1/auth/password/reset",
    operation_id="resetPassword",
    summary="Choose a new password by a link",
    tags=["accounts"],
    status_code=204,
    request_max_body_size=_BODY_BYTES,
    opt=contract(
        InvalidLinkError, TooManyAttemptsError, SignInBusyError, needs_no_key="a link works once"
    ),
)
async def reset_password_route(
    request: Request[Any, Any, Any],
    data: JSONBody[PasswordReset],
    reset_password: NamedDependency[ResetPassword],
) -> None:
    """Ends every session and voids every other link; a second factor is asked for as before.

    Works once, for 15 minutes. Where the address had not been proven before, second factors and
    whatever else opens the account are removed: somebody else may have put them there.
    """
    await reset_password(
        ChosenPassword(token=data.token, password=data.password, origin=origin_of(request))
    )


@put(
    "/api/v1/auth/password",
    operation_id="changePassword",
    summary="Choose another password",
    tags=["accounts"],
    status_code=204,
    request_max_body_size=_BODY_BYTES,
    opt=contract(SignInBusyError),
)
async def change_password_route(
    request: Request[Any, Any, Any],
    data: JSONBody[PasswordChange],
    change_password: NamedDependency[ChangePassword],
) -> None:
    """Ends every session but this one. Sets the first password where there is none."""
    await change_password(
        PasswordChangeCommand(
            actor=principal_of(request).user_id,
            session_id=session_of(request),
            password=data.password,
            origin=origin_of(request),
        )
    )


@post(
    "/api/v1/auth/email/change",
    operation_id="requestEmailChange",
    summary="Ask to move one's account to another address",
    tags=["accounts"],
    status_code=202,
    media_type=MediaType.TEXT,  # nothing: as JSON it would be `null`
    request_max_body_size=_BODY_BYTES,
    opt=contract(TooManyAttemptsError, idempotent=True),
)
async def request_email_change_route(
    request: Request[Any, Any, Any],
    data: JSONBody[EmailChange],
    request_email_change: NamedDependency[RequestEmailChange],
) -> None:
    """Sends a link to the new address; nothing changes before it is followed.

    Answers the same whether the new address has an account or not.
    """
    await request_email_change(
        WantedEmail(
            actor=principal_of(request).user_id, email=data.email, origin=origin_of(request)
        )
    )


@post(
    "/api/v1/auth/email/confirm",
    operation_id="confirmEmailChange",
    summary="Move an account to another address by a link",
    tags=["accounts"],
    status_code=204,
    request_max_body_size=_BODY_BYTES,
    opt=contract(InvalidLinkError, TooManyAttemptsError, needs_no_key="a link works once"),
)
async def confirm_email_change_route(
    request: Request[Any, Any, Any],
    data: JSONBody[LinkToken],
    confirm_email_change: NamedDependency[ConfirmEmailChange],
) -> None:
    """The former address gets a link by which its owner can undo it for 72 hours."""
    await confirm_email_change(PresentedLink(token=data.token, origin=origin_of(request)))


@post(
    "/api/v1/auth/email/undo",
    operation_id="undoEmailChange",
    summary="Take an account back to its former address by a link",
    tags=["accounts"],
    status_code=204,
    request_max_body_size=_BODY_BYTES,
    opt=contract(InvalidLinkError, TooManyAttemptsError, needs_no_key="a link works once"),
)
async def undo_email_change_route(
    request: Request[Any, Any, Any],
    data: JSONBody[LinkToken],
    undo_email_change: NamedDependency[UndoEmailChange],
) -> None:
    """Ends every session, and the password opens nothing until a new one is chosen.

    A link for that is sent to the former address.
    """
    await undo_email_change(PresentedLink(token=data.token, origin=origin_of(request)))


ROUTES = (
    request_email_verification_route,
    verify_email_route,
    request_password_reset_route,
    reset_password_route,
    change_password_route,
    request_email_change_route,
    confirm_email_change_route,
    undo_email_change_route,
)
