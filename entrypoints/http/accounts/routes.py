"""Routes of accounts: opening one, signing in and out, profile and settings."""

from typing import Any

import msgspec
from litestar import Request, Response, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from application.accounts.get_jwks import GetJwks
from application.accounts.get_profile import GetProfile
from application.accounts.log_in import Credentials as LogInCommand
from application.accounts.log_in import LogIn
from application.accounts.log_out import LogOut, SignOut
from application.accounts.refresh_session import RefreshRequest as RefreshCommand
from application.accounts.refresh_session import RefreshSession
from application.accounts.register_user import RegisterUser, Registration
from application.accounts.update_profile import ProfileChange as ProfileCommand
from application.accounts.update_profile import UpdateProfile
from application.accounts.update_settings import SettingsChange, UpdateSettings
from domain.accounts.errors import (
    EmailAlreadyRegisteredError,
    InvalidCredentialsError,
    InvalidRefreshTokenError,
    SignInBusyError,
    TooManyAttemptsError,
)
from entrypoints.http.accounts.device import answer_with_device, device_of
from entrypoints.http.accounts.schemas import (
    Credentials,
    JsonWebKeySet,
    ProfileChange,
    RefreshRequest,
    Settings,
    TokenPair,
    UserProfile,
    settings_of,
)
from entrypoints.http.authentication import claims_of, origin_of
from entrypoints.http.contract import Access, RouteClass, contract

_AUTH_BODY_BYTES = 8 * 1024


@post(
    "/api/v1/auth/register",
    operation_id="registerUser",
    summary="Open an account and sign in to it",
    tags=["accounts"],
    request_max_body_size=_AUTH_BODY_BYTES,
    opt=contract(
        Access.PUBLIC,
        EmailAlreadyRegisteredError,
        TooManyAttemptsError,
        SignInBusyError,
        route_class=RouteClass.REGISTRATION,
    ),
)
async def register_user_route(
    request: Request[Any, Any, Any],
    data: JSONBody[Credentials],
    register_user: NamedDependency[RegisterUser],
) -> Response[TokenPair]:
    """Answers the new user with the first pair of tokens."""
    return answer_with_device(
        await register_user(
            Registration(email=data.email, password=data.password, origin=origin_of(request))
        )
    )


@post(
    "/api/v1/auth/login",
    operation_id="logIn",
    summary="Sign in with e-mail address and password",
    tags=["accounts"],
    status_code=200,
    request_max_body_size=_AUTH_BODY_BYTES,
    opt=contract(
        Access.PUBLIC,
        InvalidCredentialsError,
        TooManyAttemptsError,
        SignInBusyError,
        route_class=RouteClass.SIGN_IN,
    ),
)
async def log_in_route(
    request: Request[Any, Any, Any], data: JSONBody[Credentials], log_in: NamedDependency[LogIn]
) -> Response[TokenPair]:
    """Answers the user with a pair of tokens; an unknown address looks like a wrong password.

    Five attempts in a quarter of an hour that all go wrong lock the account for another one. The
    answer sets the cookie `__Host-nodrake-device`: whoever sends it back with the next attempt is
    not locked out by what strangers try.
    """
    return answer_with_device(
        await log_in(
            LogInCommand(
                email=data.email,
                password=data.password,
                origin=origin_of(request),
                device=device_of(request),
            )
        )
    )


@post(
    "/api/v1/auth/refresh",
    operation_id="refreshSession",
    summary="Exchange a refresh token for the next pair",
    tags=["accounts"],
    status_code=200,
    request_max_body_size=_AUTH_BODY_BYTES,
    opt=contract(Access.PUBLIC, InvalidRefreshTokenError),
)
async def refresh_session_route(
    request: Request[Any, Any, Any],
    data: JSONBody[RefreshRequest],
    refresh_session: NamedDependency[RefreshSession],
) -> TokenPair:
    """A token can be used once; one that comes back later ends the whole session.

    Asked again with the same token within ten seconds, it answers the same successor.
    """
    return TokenPair.of(
        await refresh_session(
            RefreshCommand(refresh_token=data.refresh_token, origin=origin_of(request))
        )
    )


@post(
    "/api/v1/auth/logout",
    operation_id="logOut",
    summary="End the session",
    tags=["accounts"],
    status_code=204,
    opt=contract(Access.MEMBER),
)
async def log_out_route(request: Request[Any, Any, Any], log_out: NamedDependency[LogOut]) -> None:
    """All tokens of the session stop working within five seconds."""
    claims = claims_of(request)
    await log_out(
        SignOut(actor=claims.user_id, session_id=claims.session_id, origin=origin_of(request))
    )


@get(
    "/api/v1/users/profile",
    operation_id="getProfile",
    summary="Read one's own account",
    tags=["accounts"],
    opt=contract(Access.MEMBER),
)
async def get_profile_route(
    request: Request[Any, Any, Any], get_profile: NamedDependency[GetProfile]
) -> UserProfile:
    """Answers everything that the account shows of itself."""
    return UserProfile.of(await get_profile(claims_of(request).user_id))


@patch(
    "/api/v1/users/profile",
    operation_id="updateProfile",
    summary="Change how one is shown",
    tags=["accounts"],
    opt=contract(Access.MEMBER),
)
async def update_profile_route(
    request: Request[Any, Any, Any],
    data: JSONBody[ProfileChange],
    update_profile: NamedDependency[UpdateProfile],
    get_profile: NamedDependency[GetProfile],
) -> UserProfile:
    """Changes what is sent and leaves the rest; `null` takes the display name away."""
    actor = claims_of(request).user_id
    if data.display_name is msgspec.UNSET:
        return UserProfile.of(await get_profile(actor))
    return UserProfile.of(
        await update_profile(
            ProfileCommand(actor=actor, display_name=data.display_name, origin=origin_of(request))
        )
    )


@put(
    "/api/v1/users/settings",
    operation_id="updateSettings",
    summary="Replace one's settings",
    tags=["accounts"],
    opt=contract(Access.MEMBER),
)
async def update_settings_route(
    request: Request[Any, Any, Any],
    data: JSONBody[Settings],
    update_settings: NamedDependency[UpdateSettings],
) -> UserProfile:
    """Answers the account with its new settings."""
    return UserProfile.of(
        await update_settings(
            SettingsChange(
                actor=claims_of(request).user_id,
                settings=settings_of(data),
                origin=origin_of(request),
            )
        )
    )


@get(
    "/.well-known/jwks.json",
    operation_id="getJwks",
    summary="Read the public keys of access tokens",
    tags=["accounts"],
    opt=contract(Access.PUBLIC),
)
async def get_jwks_route(get_jwks: NamedDependency[GetJwks]) -> Response[JsonWebKeySet]:
    """Anyone can check an access token with these (RFC 7517)."""
    key_set: Any = await get_jwks()
    return Response(
        JsonWebKeySet(keys=key_set["keys"]), headers={"cache-control": "public, max-age=300"}
    )


ROUTES = (
    register_user_route,
    log_in_route,
    refresh_session_route,
    log_out_route,
    get_profile_route,
    update_profile_route,
    update_settings_route,
    get_jwks_route,
)
