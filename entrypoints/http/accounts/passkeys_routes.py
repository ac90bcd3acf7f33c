"""Routes of passkeys: making one, signing in with one, keeping them in order."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from application.accounts import register_passkey as registering
from application.accounts.list_passkeys import ListPasskeys
from application.accounts.reauthenticate_with_passkey import (
    PasskeyRenewal,
    ReauthenticateWithPasskey,
)
from application.accounts.register_passkey import RegisterPasskey
from application.accounts.remove_passkey import PasskeyRemoval, RemovePasskey
from application.accounts.rename_passkey import PasskeyNaming, RenamePasskey
from application.accounts.sign_in_with_passkey import PasskeySignIn as PasskeySignInCommand
from application.accounts.sign_in_with_passkey import SignInWithPasskey
from application.accounts.start_passkey_registration import (
    RegistrationStart,
    StartPasskeyRegistration,
)
from application.accounts.start_passkey_sign_in import SignInStart, StartPasskeySignIn
from domain.accounts.errors import (
    CrossSiteRequestError,
    InvalidPasskeyError,
    LastSignInMethodError,
    PasskeyAlreadyRegisteredError,
    PasskeyNotAcceptedError,
    PasskeyNotFoundError,
    TooManyAttemptsError,
    TooManyPasskeysError,
)
from domain.shared.ids import PasskeyId
from entrypoints.http.accounts.passkeys_schemas import (
    NewPasskey,
    Passkey,
    PasskeyChange,
    PasskeyList,
    PasskeyProof,
    PasskeySignIn,
)
from entrypoints.http.accounts.schemas import TokenPair
from entrypoints.http.accounts.session_cookie import token_answer
from entrypoints.http.accounts.webauthn_json import PasskeyCreationOptions, PasskeyRequestOptions
from entrypoints.http.authentication import origin_of, principal_of, session_of
from entrypoints.http.contract import RouteClass, contract

_BODY_BYTES = 32 * 1024


@post(
    "/api/v1/auth/passkeys/registration",
    operation_id="startPasskeyRegistration",
    summary="Ask for a new passkey",
    tags=["accounts"],
    status_code=200,
    opt=contract(
        TooManyPasskeysError,
        TooManyAttemptsError,
        needs_no_key="a challenge whose answer was lost expires",
    ),
)
async def start_passkey_registration_route(
    request: Request[Any, Any, Any],
    start_passkey_registration: NamedDependency[StartPasskeyRegistration],
) -> PasskeyCreationOptions:
    """Answers what `navigator.credentials.create` is to be asked, good for five minutes."""
    actor = principal_of(request).user_id
    return PasskeyCreationOptions.of(
        await start_passkey_registration(RegistrationStart(actor=actor))
    )


@post(
    "/api/v1/auth/passkeys/registration/finish",
    operation_id="registerPasskey",
    summary="Keep a new passkey",
    tags=["accounts"],
    request_max_body_size=_BODY_BYTES,
    opt=contract(
        PasskeyNotAcceptedError,
        PasskeyAlreadyRegisteredError,
        TooManyPasskeysError,
        idempotent=True,
    ),
)
async def register_passkey_route(
    request: Request[Any, Any, Any],
    data: JSONBody[NewPasskey],
    register_passkey: NamedDependency[RegisterPasskey],
) -> Passkey:
    """Takes what `navigator.credentials.create` answered; a challenge can be answered once."""
    return Passkey.of(
        await register_passkey(
            registering.NewPasskey(
                actor=principal_of(request).user_id,
                name=data.name,
                credential=data.credential.credential(),
                origin=origin_of(request),
            )
        )
    )


@post(
    "/api/v1/auth/passkeys/assertion",
    operation_id="startPasskeySignIn",
    summary="Ask for a proof by passkey",
    tags=["accounts"],
    status_code=200,
    opt=contract(
        TooManyAttemptsError,
        route_class=RouteClass.SIGN_IN,
        needs_no_key="a challenge whose answer was lost expires",
    ),
)
async def start_passkey_sign_in_route(
    request: Request[Any, Any, Any], start_passkey_sign_in: NamedDependency[StartPasskeySignIn]
) -> PasskeyRequestOptions:
    """Answers what `navigator.credentials.get` is to be asked: it names no account."""
    return PasskeyRequestOptions.of(
        await start_passkey_sign_in(SignInStart(origin=origin_of(request)))
    )


@post(
    "/api/v1/auth/passkeys/assertion/finish",
    operation_id="signInWithPasskey",
    summary="Sign in with a passkey",
    tags=["accounts"],
    status_code=200,
    request_max_body_size=_BODY_BYTES,
    opt=contract(
        InvalidPasskeyError,
        TooManyAttemptsError,
        CrossSiteRequestError,
        route_class=RouteClass.SIGN_IN,
        needs_no_key="each sign-in is a session of its own; one whose answer was lost expires",
    ),
)
async def sign_in_with_passkey_route(
    request: Request[Any, Any, Any],
    data: JSONBody[PasskeySignIn],
    sign_in_with_passkey: NamedDependency[SignInWithPasskey],
) -> Response[TokenPair]:
    """Answers the user with a pair of tokens; a passkey stands for both factors."""
    command = PasskeySignInCommand(assertion=data.credential.assertion(), origin=origin_of(request))
    return await token_answer(
        request, sign_in_with_passkey, command, data.refresh_token_in, status_code=200
    )


@post(
    "/api/v1/auth/passkeys/assertion/renew",
    operation_id="reauthenticateWithPasskey",
    summary="Prove again by passkey who one is",
    tags=["accounts"],
    status_code=204,
    request_max_body_size=_BODY_BYTES,
    opt=contract(
        InvalidPasskeyError,
        TooManyAttemptsError,
        needs_no_key="the proof is renewed, to the same effect",
    ),
)
async def reauthenticate_with_passkey_route(
    request: Request[Any, Any, Any],
    data: JSONBody[PasskeyProof],
    reauthenticate_with_passkey: NamedDependency[ReauthenticateWithPasskey],
) -> None:
    """Operations that want a fresh proof of identity work again for ten minutes."""
    await reauthenticate_with_passkey(
        PasskeyRenewal(
            actor=principal_of(request).user_id,
            session_id=session_of(request),
            assertion=data.credential.assertion(),
            origin=origin_of(request),
        )
    )


@get(
    "/api/v1/auth/passkeys",
    operation_id="listPasskeys",
    summary="Read one's passkeys",
    tags=["accounts"],
    opt=contract(),
)
async def list_passkeys_route(
    request: Request[Any, Any, Any], list_passkeys: NamedDependency[ListPasskeys]
) -> PasskeyList:
    """Answers all of them, oldest first; twenty at most."""
    passkeys = await list_passkeys(principal_of(request).user_id)
    return PasskeyList(items=[Passkey.of(passkey) for passkey in passkeys])


@patch(
    "/api/v1/auth/passkeys/{passkey_id:uuid}",
    operation_id="renamePasskey",
    summary="Call a passkey by another name",
    tags=["accounts"],
    opt=contract(PasskeyNotFoundError),
)
async def rename_passkey_route(
    request: Request[Any, Any, Any],
    passkey_id: FromPath[UUID],
    data: JSONBody[PasskeyChange],
    rename_passkey: NamedDependency[RenamePasskey],
) -> Passkey:
    """Answers the passkey with its new name."""
    return Passkey.of(
        await rename_passkey(
            PasskeyNaming(
                actor=principal_of(request).user_id,
                passkey_id=PasskeyId(passkey_id),
                name=data.name,
                origin=origin_of(request),
            )
        )
    )


@delete(
    "/api/v1/auth/passkeys/{passkey_id:uuid}",
    operation_id="removePasskey",
    summary="Take a passkey away",
    tags=["accounts"],
    opt=contract(PasskeyNotFoundError, LastSignInMethodError),
)
async def remove_passkey_route(
    request: Request[Any, Any, Any],
    passkey_id: FromPath[UUID],
    remove_passkey: NamedDependency[RemovePasskey],
) -> None:
    """Refused where nobody could sign in to the account any more."""
    await remove_passkey(
        PasskeyRemoval(
            actor=principal_of(request).user_id,
            passkey_id=PasskeyId(passkey_id),
            origin=origin_of(request),
        )
    )


ROUTES = (
    start_passkey_registration_route,
    register_passkey_route,
    start_passkey_sign_in_route,
    sign_in_with_passkey_route,
    reauthenticate_with_passkey_route,
    list_passkeys_route,
    rename_passkey_route,
    remove_passkey_route,
)
