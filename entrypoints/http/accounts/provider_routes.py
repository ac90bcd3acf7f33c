"""Routes of sign-in with a provider: there, back, and what is linked to an account."""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from application.accounts.attempt_start import StartedSignIn
from application.accounts.complete_provider_sign_in import (
    CompleteProviderSignIn,
    SignInToComplete,
)
from application.accounts.finish_provider_sign_in import (
    FinishProviderSignIn,
    Landing,
    ProviderAnswer,
)
from application.accounts.list_identities import ListIdentities
from application.accounts.list_providers import ListProviders
from application.accounts.second_factor_check import SecondFactorProof
from application.accounts.start_provider_link import LinkToStart, StartProviderLink
from application.accounts.start_provider_sign_in import SignInToStart, StartProviderSignIn
from application.accounts.unlink_identity import IdentityToUnlink, UnlinkIdentity
from domain.accounts.errors import (
    CrossSiteRequestError,
    EmailAlreadyRegisteredError,
    InvalidSecondFactorError,
    LastSignInMethodError,
    TooManyAttemptsError,
    TotpRequiredError,
)
from domain.accounts.provider_errors import (
    IdentityNotFoundError,
    ProviderEmailUnverifiedError,
    ProviderNotFoundError,
    ProviderSignInExpiredError,
    ProviderUnavailableError,
)
from domain.shared.errors import DomainError
from domain.shared.ids import IdentityId
from entrypoints.http.accounts.provider_cookie import browser_cookie, browser_secret_of
from entrypoints.http.accounts.provider_schemas import (
    LinkedIdentity,
    LinkedIdentityList,
    ProviderList,
    ProviderRedirect,
    ProviderSignIn,
    ProviderStart,
)
from entrypoints.http.accounts.schemas import TokenPair
from entrypoints.http.accounts.session_cookie import token_answer
from entrypoints.http.authentication import origin_of, principal_of, session_of
from entrypoints.http.contract import RouteClass, contract

_BODY_BYTES = 8 * 1024
_Text = QueryParameter(max_length=2048, description="As the provider sends it.")


@get(
    "/api/v1/auth/providers",
    operation_id="listProviders",
    summary="List the providers that one can sign in with",
    tags=["accounts"],
    opt=contract(),
)
async def list_providers_route(list_providers: NamedDependency[ListProviders]) -> ProviderList:
    """Answers their names, in the operator's order."""
    return ProviderList(items=list(await list_providers()))


@post(
    "/api/v1/auth/providers/{name:str}/start",
    operation_id="startProviderSignIn",
    summary="Begin to sign in with a provider",
    tags=["accounts"],
    status_code=200,
    request_max_body_size=_BODY_BYTES,
    opt=contract(
        ProviderNotFoundError,
        ProviderUnavailableError,
        TooManyAttemptsError,
        patient=True,
        route_class=RouteClass.SIGN_IN,
        needs_no_key="a way to the provider that nobody takes expires",
    ),
)
async def start_provider_sign_in_route(
    request: Request[Any, Any, Any],
    name: FromPath[str],
    data: JSONBody[ProviderStart],
    start_provider_sign_in: NamedDependency[StartProviderSignIn],
) -> Response[ProviderRedirect]:
    """Answers an address for the browser, and a cookie without which its way back is refused."""
    return _started(
        await start_provider_sign_in(
            SignInToStart(provider=name, return_to=data.return_to, origin=origin_of(request))
        )
    )


@post(
    "/api/v1/auth/providers/{name:str}/link",
    operation_id="startProviderLink",
    summary="Begin to link a provider to one's account",
    tags=["accounts"],
    status_code=200,
    request_max_body_size=_BODY_BYTES,
    opt=contract(
        ProviderNotFoundError,
        ProviderUnavailableError,
        TooManyAttemptsError,
        patient=True,
        needs_no_key="a way to the provider that nobody takes expires",
    ),
)
async def start_provider_link_route(
    request: Request[Any, Any, Any],
    name: FromPath[str],
    data: JSONBody[ProviderStart],
    start_provider_link: NamedDependency[StartProviderLink],
) -> Response[ProviderRedirect]:
    """As a sign-in begins; the link is made on the way back, while this session is open."""
    return _started(
        await start_provider_link(
            LinkToStart(
                actor=principal_of(request).user_id,
                session_id=session_of(request),
                provider=name,
                return_to=data.return_to,
            )
        )
    )


@get(
    "/api/v1/auth/providers/{name:str}/callback",
    operation_id="finishProviderSignIn",
    summary="Receive a browser that comes back from a provider",
    tags=["accounts"],
    status_code=303,
    opt=contract(patient=True, foreign_query=True),
)
async def finish_provider_sign_in_route(
    request: Request[Any, Any, Any],
    name: FromPath[str],
    finish_provider_sign_in: NamedDependency[FinishProviderSignIn],
    answered_state: Annotated[
        str | None,
        QueryParameter(name="state", max_length=2048, description="As it was sent along."),
    ] = None,
    code: Annotated[str | None, _Text] = None,
    error: Annotated[str | None, _Text] = None,
    iss: Annotated[str | None, _Text] = None,
) -> Response[None]:
    """Redirects to the web app: /signed-in with a code or the name of what was linked, else
    /sign-in-failed with the code of a problem; all of it in the fragment, and never a token.
    """
    try:
        landing = await finish_provider_sign_in(
            ProviderAnswer(
                provider=name,
                state=answered_state,
                code=code,
                error=error,
                issuer=iss,
                browser_secret=browser_secret_of(request),
                origin=origin_of(request),
            )
        )
    except DomainError as refusal:
        landing = Landing(
            provider=name, return_to=None, code=None, linked=False, failure=refusal.code
        )
    if landing.failure is not None:
        request.scope["state"]["problem_code"] = landing.failure
    location = request.app.state.public_url + _place(landing)
    return Response(None, status_code=303, headers={"location": location})


@post(
    "/api/v1/auth/providers/complete",
    operation_id="completeProviderSignIn",
    summary="Exchange the code of a provider's sign-in for the pair of tokens",
    tags=["accounts"],
    status_code=200,
    request_max_body_size=_BODY_BYTES,
    opt=contract(
        ProviderSignInExpiredError,
        ProviderEmailUnverifiedError,
        EmailAlreadyRegisteredError,
        TotpRequiredError,
        InvalidSecondFactorError,
        TooManyAttemptsError,
        CrossSiteRequestError,
        route_class=RouteClass.SIGN_IN,
        needs_no_key="the code works once",
    ),
)
async def complete_provider_sign_in_route(
    request: Request[Any, Any, Any],
    data: JSONBody[ProviderSignIn],
    complete_provider_sign_in: NamedDependency[CompleteProviderSignIn],
) -> Response[TokenPair]:
    """Needs the cookie of the browser that began. Asks for a second factor where there is one,
    and opens an account where the provider vouches for an address that has none.
    """
    command = SignInToComplete(
        code=data.code,
        browser_secret=browser_secret_of(request),
        second_factor=SecondFactorProof(totp_code=data.totp_code, recovery_code=data.recovery_code),
        origin=origin_of(request),
    )
    response = await token_answer(
        request, complete_provider_sign_in, command, data.refresh_token_in, status_code=200
    )
    response.set_cookie(browser_cookie("", 0))
    return response


@get(
    "/api/v1/auth/identities",
    operation_id="listIdentities",
    summary="List the identities at providers that open one's account",
    tags=["accounts"],
    opt=contract(),
)
async def list_identities_route(
    request: Request[Any, Any, Any], list_identities: NamedDependency[ListIdentities]
) -> LinkedIdentityList:
    """Answers all of them, oldest first."""
    identities = await list_identities(principal_of(request).user_id)
    return LinkedIdentityList(items=[LinkedIdentity.of(identity) for identity in identities])


@delete(
    "/api/v1/auth/identities/{identity_id:uuid}",
    operation_id="unlinkIdentity",
    summary="Unlink an identity at a provider from one's account",
    tags=["accounts"],
    status_code=204,
    opt=contract(IdentityNotFoundError, LastSignInMethodError),
)
async def unlink_identity_route(
    request: Request[Any, Any, Any],
    identity_id: FromPath[UUID],
    unlink_identity: NamedDependency[UnlinkIdentity],
) -> None:
    """The last way to sign in stays: set a password or link another provider first."""
    await unlink_identity(
        IdentityToUnlink(
            actor=principal_of(request).user_id,
            identity_id=IdentityId(identity_id),
            origin=origin_of(request),
        )
    )


def _started(started: StartedSignIn) -> Response[ProviderRedirect]:
    cookie = browser_cookie(started.browser_secret, started.expires_in)
    return Response(ProviderRedirect.of(started), cookies=[cookie])


def _place(landing: Landing) -> str:
    """A path of the web app; what it carries is in the fragment, which no server is sent."""
    if landing.failure is not None:
        return "/sign-in-failed#" + urlencode({"code": landing.failure})
    told = {"code": landing.code} if landing.code else {"linked": landing.provider}
    return_to = {"return_to": landing.return_to} if landing.return_to else {}
    return "/signed-in#" + urlencode({**told, **return_to})


ROUTES = (
    list_providers_route,
    start_provider_sign_in_route,
    start_provider_link_route,
    finish_provider_sign_in_route,
    complete_provider_sign_in_route,
    list_identities_route,
    unlink_identity_route,
)
