"""Routes of administration."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from application.accounts.claim_administration import AdminClaim as AdminClaimCommand
from application.accounts.claim_administration import ClaimAdministration
from application.accounts.list_users import ListUsers, UserSearch
from application.accounts.revoke_all_sessions import EverybodyToSignOut, RevokeAllSessions
from application.accounts.revoke_user_sessions import RevokeUserSessions, UserToSignOut
from application.accounts.set_user_role import RoleChange as RoleChangeCommand
from application.accounts.set_user_role import SetUserRole
from domain.accounts.errors import (
    InvalidAdminCodeError,
    LastAdministratorError,
    TooManyAttemptsError,
    UserNotFoundError,
)
from domain.shared.ids import UserId
from entrypoints.http.accounts.admin_schemas import (
    AdminClaim,
    RoleChange,
    UserAccount,
    UserAccounts,
)
from entrypoints.http.accounts.schemas import UserProfile
from entrypoints.http.accounts.session_schemas import RevokedSessions
from entrypoints.http.authentication import origin_of, principal_of
from entrypoints.http.contract import contract


@post(
    "/api/v1/admin/claim",
    operation_id="claimAdministration",
    summary="Become an administrator",
    tags=["administration"],
    status_code=200,
    opt=contract(InvalidAdminCodeError, TooManyAttemptsError, needs_no_key="a code works once"),
)
async def claim_administration_route(
    request: Request[Any, Any, Any],
    data: JSONBody[AdminClaim],
    claim_administration: NamedDependency[ClaimAdministration],
) -> UserProfile:
    """The operator makes a code with `nodrake admin code`; it works once."""
    profile = await claim_administration(
        AdminClaimCommand(
            actor=principal_of(request).user_id, code=data.code, origin=origin_of(request)
        )
    )
    return UserProfile.of(profile)


@get(
    "/api/v1/admin/users",
    operation_id="listUsers",
    summary="See accounts",
    tags=["administration"],
    opt=contract(),
)
async def list_users_route(
    request: Request[Any, Any, Any],
    list_users: NamedDependency[ListUsers],
    email: Annotated[
        str, QueryParameter(description="How the address starts.", max_length=254)
    ] = "",
) -> UserAccounts:
    """The newest hundred, or those whose address starts with something."""
    search = UserSearch(
        actor=principal_of(request).user_id, email_prefix=email, origin=origin_of(request)
    )
    return UserAccounts(items=[UserAccount.of(user) for user in await list_users(search)])


@put(
    "/api/v1/admin/users/{user_id:uuid}/role",
    operation_id="setUserRole",
    summary="Give somebody another role",
    tags=["administration"],
    status_code=204,
    opt=contract(UserNotFoundError, LastAdministratorError),
)
async def set_user_role_route(
    request: Request[Any, Any, Any],
    user_id: FromPath[UUID],
    data: JSONBody[RoleChange],
    set_user_role: NamedDependency[SetUserRole],
) -> None:
    """The person signs in anew; one administrator always remains."""
    await set_user_role(
        RoleChangeCommand(
            actor=principal_of(request).user_id,
            user_id=UserId(user_id),
            role=data.role,
            origin=origin_of(request),
        )
    )


@post(
    "/api/v1/admin/users/{user_id:uuid}/sessions/revocation",
    operation_id="revokeUserSessions",
    summary="Sign somebody out everywhere",
    tags=["administration"],
    status_code=200,
    opt=contract(UserNotFoundError, needs_no_key="sessions that have ended stay ended"),
)
async def revoke_user_sessions_route(
    request: Request[Any, Any, Any],
    user_id: FromPath[UUID],
    revoke_user_sessions: NamedDependency[RevokeUserSessions],
) -> RevokedSessions:
    """All tokens of the sessions stop working within five seconds."""
    revoked = await revoke_user_sessions(
        UserToSignOut(
            actor=principal_of(request).user_id,
            user_id=UserId(user_id),
            origin=origin_of(request),
        )
    )
    return RevokedSessions(revoked=revoked)


@post(
    "/api/v1/admin/sessions/revocation",
    operation_id="revokeAllSessions",
    summary="Sign everybody out",
    tags=["administration"],
    status_code=200,
    opt=contract(needs_no_key="sessions that have ended stay ended"),
)
async def revoke_all_sessions_route(
    request: Request[Any, Any, Any], revoke_all_sessions: NamedDependency[RevokeAllSessions]
) -> RevokedSessions:
    """Every session of everybody ends, also the one that asks."""
    revoked = await revoke_all_sessions(
        EverybodyToSignOut(actor=principal_of(request).user_id, origin=origin_of(request))
    )
    return RevokedSessions(revoked=revoked)


ROUTES = (
    claim_administration_route,
    list_users_route,
    set_user_role_route,
    revoke_user_sessions_route,
    revoke_all_sessions_route,
)
