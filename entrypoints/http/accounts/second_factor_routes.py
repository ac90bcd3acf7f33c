"""Routes of the second factor, and of proving again who one is."""

from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from application.accounts.disable_totp import DisableTotp
from application.accounts.reauthenticate import IdentityProof as IdentityProofCommand
from application.accounts.reauthenticate import Reauthenticate
from application.accounts.replace_recovery_codes import ReplaceRecoveryCodes
from application.accounts.second_factor_check import SecondFactorProof
from application.accounts.set_up_totp import SetUpTotp, TotpRequest
from application.accounts.verify_totp import TotpProof, VerifyTotp
from domain.accounts.errors import (
    InvalidSecondFactorError,
    SignInBusyError,
    TooManyAttemptsError,
    TotpEnabledError,
    TotpNotEnabledError,
    TotpNotPendingError,
    TotpRequiredError,
    WrongPasswordError,
)
from entrypoints.http.accounts.routes import AUTH_BODY_BYTES
from entrypoints.http.accounts.schemas import IdentityProof
from entrypoints.http.accounts.second_factor_schemas import (
    RecoveryCodes,
    TotpSetup,
    TotpVerification,
)
from entrypoints.http.authentication import origin_of, principal_of, session_of
from entrypoints.http.contract import contract


@post(
    "/api/v1/auth/reauthenticate",
    operation_id="reauthenticate",
    summary="Prove again who one is",
    tags=["accounts"],
    status_code=204,
    request_max_body_size=AUTH_BODY_BYTES,
    opt=contract(
        WrongPasswordError,
        TotpRequiredError,
        InvalidSecondFactorError,
        TooManyAttemptsError,
        SignInBusyError,
        needs_no_key="the proof is renewed, to the same effect",
    ),
)
async def reauthenticate_route(
    request: Request[Any, Any, Any],
    data: JSONBody[IdentityProof],
    reauthenticate: NamedDependency[Reauthenticate],
) -> None:
    """For ten minutes the session may do what asks for a fresh proof."""
    await reauthenticate(
        IdentityProofCommand(
            actor=principal_of(request).user_id,
            session_id=session_of(request),
            password=data.password,
            second_factor=SecondFactorProof(
                totp_code=data.totp_code, recovery_code=data.recovery_code
            ),
            origin=origin_of(request),
        )
    )


@post(
    "/api/v1/auth/2fa/setup",
    operation_id="setUpTotp",
    summary="Begin to use a second factor",
    tags=["accounts"],
    opt=contract(TotpEnabledError, needs_no_key="a secret that waits is replaced by the next"),
)
async def set_up_totp_route(
    request: Request[Any, Any, Any], set_up_totp: NamedDependency[SetUpTotp]
) -> TotpSetup:
    """The secret counts once a code of it has come to `/2fa/verify`, within ten minutes."""
    return TotpSetup.of(await set_up_totp(_totp_request(request)))


@post(
    "/api/v1/auth/2fa/verify",
    operation_id="verifyTotp",
    summary="Switch the second factor on",
    tags=["accounts"],
    status_code=200,
    request_max_body_size=AUTH_BODY_BYTES,
    opt=contract(
        TotpEnabledError,
        TotpNotPendingError,
        TooManyAttemptsError,
        needs_no_key="a second factor is switched on once",
    ),
)
async def verify_totp_route(
    request: Request[Any, Any, Any],
    data: JSONBody[TotpVerification],
    verify_totp: NamedDependency[VerifyTotp],
) -> RecoveryCodes:
    """Answers ten recovery codes, this once; every other session ends."""
    codes = await verify_totp(
        TotpProof(
            actor=principal_of(request).user_id,
            session_id=session_of(request),
            code=data.totp_code,
            origin=origin_of(request),
        )
    )
    return RecoveryCodes(recovery_codes=codes)


@post(
    "/api/v1/auth/2fa/disable",
    operation_id="disableTotp",
    summary="Switch the second factor off",
    tags=["accounts"],
    status_code=204,
    opt=contract(TotpNotEnabledError, needs_no_key="a second factor that is off stays off"),
)
async def disable_totp_route(
    request: Request[Any, Any, Any], disable_totp: NamedDependency[DisableTotp]
) -> None:
    """The recovery codes are void, too."""
    await disable_totp(_totp_request(request))


@post(
    "/api/v1/auth/2fa/recovery-codes",
    operation_id="replaceRecoveryCodes",
    summary="Get new recovery codes",
    tags=["accounts"],
    status_code=200,
    opt=contract(
        TotpNotEnabledError, needs_no_key="codes whose answer was lost are replaced by the next"
    ),
)
async def replace_recovery_codes_route(
    request: Request[Any, Any, Any], replace_recovery_codes: NamedDependency[ReplaceRecoveryCodes]
) -> RecoveryCodes:
    """All that were given out before are void."""
    return RecoveryCodes(recovery_codes=await replace_recovery_codes(_totp_request(request)))


def _totp_request(request: Request[Any, Any, Any]) -> TotpRequest:
    return TotpRequest(actor=principal_of(request).user_id, origin=origin_of(request))


ROUTES = (
    reauthenticate_route,
    set_up_totp_route,
    verify_totp_route,
    disable_totp_route,
    replace_recovery_codes_route,
)
