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
from application.accounts.profile import Profile
from application.accounts.refresh_session import RefreshRequest as RefreshCommand
from application.accounts.refresh_session import RefreshSession
from application.accounts.register_user import RegisterUser
from application.accounts.register_user import Registration as RegistrationCommand
from application.accounts.second_factor_check import SecondFactorProof
from application.accounts.update_profile import ProfileChange as ProfileCommand
from application.accounts.update_profile import UpdateProfile
from application.accounts.update_settings import SettingsChange, UpdateSettings
from domain.accounts.errors import (
    CrossSiteRequestError,
    EmailAlreadyRegisteredError,
    InvalidCredentialsError,
    InvalidRefreshTokenError,
    InvalidSecondFactorError,
    SignInBusyError,
    TooManyAttemptsError,
    TotpRequiredError,
)
from domain.shared.errors import PreconditionFailedError
from domain.shared.version import check_version
from entrypoints.http.accounts.delivery import Delivery
from entrypoints.http.accounts.device import device_of
from entrypoints.http.accounts.schemas import (
    Credentials,
    JsonWebKeySet,
    ProfileChange,
    RefreshRequest,
    Registration,
    Settings,
    TokenPair,
    UserProfile,
    settings_of,
)
from entrypoints.http.accounts.session_cookie import gone, token_answer, token_in_cookie
from entrypoints.http.authentication import origin_of, principal_of, session_of
from entrypoints.http.conditional import expected_versions, tagged
from entrypoints.http.contract import RouteClass, contract

AUTH_BODY_BYTES = 8 * 1024


@post(
    "/api/v1/auth/register",
    operation_id="registerUser",
    summary="Open an account and sign in to it",
    tags=["accounts"],
    request_max_body_size=AUTH_BODY_BYTES,
    opt=contract(
        EmailAlreadyRegisteredError,
        TooManyAttemptsError,
        SignInBusyError,
        CrossSiteRequestError,
        route_class=RouteClass.REGISTRATION,
        idempotent=True,
    ),
)
async def register_user_route(
    request: Request[Any, Any, Any],
    data: JSONBody[Registration],
    register_user: NamedDependency[RegisterUser],
) -> Response[TokenPair]:
    """Answers the new user with the first pair of tokens."""
    command = RegistrationCommand(
        email=data.email, password=data.password, origin=origin_of(request)
    )
    return await token_answer(
        request, register_user, command, data.refresh_token_in, status_code=201
    )


@post(
    "/api/v1/auth/login",
    operation_id="logIn",
    summary="Sign in with e-mail address and password",
    tags=["accounts"],
    status_code=200,
    request_max_body_size=AUTH_BODY_BYTES,
    opt=contract(
        InvalidCredentialsError,
        TotpRequiredError,
        InvalidSecondFactorError,
        TooManyAttemptsError,
        SignInBusyError,
        CrossSiteRequestError,
        route_class=RouteClass.SIGN_IN,
        urgent=True,
        needs_no_key="each sign-in is a session of its own; one whose answer was lost expires",
    ),
)
async def log_in_route(
    request: Request[Any, Any, Any], data: JSONBody[Credentials], log_in: NamedDependency[LogIn]
) -> Response[TokenPair]:
    """Answers the user with a pair of tokens; an unknown address looks like a wrong password.

    Where there is a second factor, the right password alone answers `accounts.totp_required`:
    send it again with `totp_code` or `recovery_code`.

    Five attempts in a quarter of an hour that all go wrong lock the account for another one. The
    answer sets the cookie `__Host-nodrake-device`: whoever sends it back with the next attempt is
    not locked out by what strangers try.
    """
    command = LogInCommand(
        email=data.email,
        password=data.password,
        second_factor=SecondFactorProof(totp_code=data.totp_code, recovery_code=data.recovery_code),
        origin=origin_of(request),
        device=device_of(request),
    )
    return await token_answer(request, log_in, command, data.refresh_token_in, status_code=200)


@post(
    "/api/v1/auth/refresh",
    operation_id="refreshSession",
    summary="Exchange a refresh token for the next pair",
    tags=["accounts"],
    status_code=200,
    request_max_body_size=AUTH_BODY_BYTES,
    opt=contract(
        InvalidRefreshTokenError,
        CrossSiteRequestError,
        urgent=True,
        needs_no_key="the same token gives the same successor for ten seconds",
    ),
)
async def refresh_session_route(
    request: Request[Any, Any, Any],
    data: JSONBody[RefreshRequest],
    refresh_session: NamedDependency[RefreshSession],
) -> Response[TokenPair]:
    """A token can be used once; one that comes back later ends the whole session.

    Asked again with the same token within ten seconds, it answers the same successor. Without
    one in the body, that of the cookie is used, and the successor comes as a cookie again.
    """
    in_body = data.refresh_token is not msgspec.UNSET
    token = data.refresh_token or token_in_cookie(request)
    command = RefreshCommand(refresh_token=token, origin=origin_of(request))
    delivery = Delivery.BODY if in_body else Delivery.COOKIE
    return await token_answer(request, refresh_session, command, delivery, status_code=200)


@post(
    "/api/v1/auth/logout",
    operation_id="logOut",
    summary="End the session",
    tags=["accounts"],
    status_code=204,
    opt=contract(needs_no_key="a session that has ended stays ended"),
)
async def log_out_route(
    request: Request[Any, Any, Any], log_out: NamedDependency[LogOut]
) -> Response[None]:
    """All tokens of the session stop working within five seconds."""
    await log_out(
        SignOut(
            actor=principal_of(request).user_id,
            session_id=session_of(request),
            origin=origin_of(request),
        )
    )
    return Response(
        None,
        status_code=204,
        cookies=[gone()],
        headers={"clear-site-data": '"cache", "cookies", "storage"'},
    )


@get(
    "/api/v1/users/profile",
    operation_id="getProfile",
    summary="Read one's own account",
    tags=["accounts"],
    opt=contract(tagged=True),
)
async def get_profile_route(
    request: Request[Any, Any, Any], get_profile: NamedDependency[GetProfile]
) -> Response[UserProfile]:
    """Answers everything that the account shows of itself."""
    return _shown(request, await get_profile(principal_of(request).user_id))


@patch(
    "/api/v1/users/profile",
    operation_id="updateProfile",
    summary="Change how one is shown",
    tags=["accounts"],
    opt=contract(PreconditionFailedError, tagged=True),
)
async def update_profile_route(
    request: Request[Any, Any, Any],
    data: JSONBody[ProfileChange],
    update_profile: NamedDependency[UpdateProfile],
    get_profile: NamedDependency[GetProfile],
) -> Response[UserProfile]:
    """Changes what is sent and leaves the rest; `null` takes the display name away."""
    actor, expected = principal_of(request).user_id, expected_versions(request)
    if data.display_name is msgspec.UNSET:
        profile = await get_profile(actor)
        check_version(profile.version, expected)
        return _shown(request, profile)
    return _shown(
        request,
        await update_profile(
            ProfileCommand(
                actor=actor,
                display_name=data.display_name,
                origin=origin_of(request),
                expected=expected,
            )
        ),
    )


@put(
    "/api/v1/users/settings",
    operation_id="updateSettings",
    summary="Replace one's settings",
    tags=["accounts"],
    opt=contract(PreconditionFailedError, tagged=True),
)
async def update_settings_route(
    request: Request[Any, Any, Any],
    data: JSONBody[Settings],
    update_settings: NamedDependency[UpdateSettings],
) -> Response[UserProfile]:
    """Answers the account with its new settings."""
    return _shown(
        request,
        await update_settings(
            SettingsChange(
                actor=principal_of(request).user_id,
                settings=settings_of(data),
                origin=origin_of(request),
                expected=expected_versions(request),
            )
        ),
    )


def _shown(request: Request[Any, Any, Any], profile: Profile) -> Response[UserProfile]:
    return tagged(request, UserProfile.of(profile), profile.version)


@get(
    "/.well-known/jwks.json",
    operation_id="getJwks",
    summary="Read the public keys of access tokens",
    tags=["accounts"],
    opt=contract(),
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
