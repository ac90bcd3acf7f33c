"""Routes of API tokens, through which integrators reach a part of an account."""

from typing import Any
from uuid import UUID

from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from application.accounts.create_api_token import ApiTokenWish, CreateApiToken
from application.accounts.list_api_tokens import ListApiTokens
from application.accounts.revoke_api_token import ApiTokenToRevoke, RevokeApiToken
from application.accounts.rotate_api_token import ApiTokenToRotate, RotateApiToken
from domain.accounts.errors import (
    ApiTokenNotFoundError,
    ApiTokenRotationUnderWayError,
    TooManyApiTokensError,
)
from domain.shared.ids import ApiTokenId
from entrypoints.http.accounts.tokens_schemas import (
    ApiTokenList,
    ApiTokenRequest,
    ApiTokenRotation,
    NewApiToken,
)
from entrypoints.http.authentication import origin_of, principal_of
from entrypoints.http.contract import contract

_BODY_BYTES = 8 * 1024


@post(
    "/api/v1/auth/tokens",
    operation_id="createApiToken",
    summary="Make an API token",
    tags=["accounts"],
    request_max_body_size=_BODY_BYTES,
    opt=contract(TooManyApiTokensError, idempotent=True),
)
async def create_api_token_route(
    request: Request[Any, Any, Any],
    data: JSONBody[ApiTokenRequest],
    create_api_token: NamedDependency[CreateApiToken],
) -> NewApiToken:
    """Answers the token this once; its owner is told by mail. At most 20 can be used at a time."""
    return NewApiToken.of(
        await create_api_token(
            ApiTokenWish(
                actor=principal_of(request).user_id,
                name=data.name,
                scopes=tuple(data.scopes),
                expires_in_days=data.expires_in_days,
                requests_per_minute=data.requests_per_minute,
                origin=origin_of(request),
            )
        )
    )


@get(
    "/api/v1/auth/tokens",
    operation_id="listApiTokens",
    summary="Read one's API tokens",
    tags=["accounts"],
    opt=contract(),
)
async def list_api_tokens_route(
    request: Request[Any, Any, Any], list_api_tokens: NamedDependency[ListApiTokens]
) -> ApiTokenList:
    """Answers those that can be used and the latest that no longer can, without any secret."""
    return ApiTokenList.of(await list_api_tokens(principal_of(request).user_id))


@post(
    "/api/v1/auth/tokens/{token_id:uuid}/rotation",
    operation_id="rotateApiToken",
    summary="Give an API token another secret",
    tags=["accounts"],
    status_code=200,
    request_max_body_size=_BODY_BYTES,
    opt=contract(ApiTokenNotFoundError, ApiTokenRotationUnderWayError, idempotent=True),
)
async def rotate_api_token_route(
    request: Request[Any, Any, Any],
    token_id: FromPath[UUID],
    data: JSONBody[ApiTokenRotation],
    rotate_api_token: NamedDependency[RotateApiToken],
) -> NewApiToken:
    """Answers the new token this once; it works at once, for as long as it was first made for.

    The one before still works for `overlap_hours`. Until those have passed, only a rotation with
    `overlap_hours` 0 is taken: it ends both.
    """
    return NewApiToken.of(
        await rotate_api_token(
            ApiTokenToRotate(
                actor=principal_of(request).user_id,
                token_id=ApiTokenId(token_id),
                overlap_hours=data.overlap_hours,
                origin=origin_of(request),
            )
        )
    )


@delete(
    "/api/v1/auth/tokens/{token_id:uuid}",
    operation_id="revokeApiToken",
    summary="Take an API token out of use",
    tags=["accounts"],
    opt=contract(ApiTokenNotFoundError),
)
async def revoke_api_token_route(
    request: Request[Any, Any, Any],
    token_id: FromPath[UUID],
    revoke_api_token: NamedDependency[RevokeApiToken],
) -> None:
    """The token stops working within five seconds, and so does the one before a rotation."""
    await revoke_api_token(
        ApiTokenToRevoke(
            actor=principal_of(request).user_id,
            token_id=ApiTokenId(token_id),
            origin=origin_of(request),
        )
    )


ROUTES = (
    create_api_token_route,
    list_api_tokens_route,
    rotate_api_token_route,
    revoke_api_token_route,
)
