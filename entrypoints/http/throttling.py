"""How many requests somebody may send: counted before the handler runs, told with every answer."""

from collections.abc import Callable, Mapping

from litestar.types import ASGIApp, Receive, Scope, Send

from application.accounts.throttling import AttemptThrottle
from domain.accounts.attempts import AttemptLimit, Attempts
from domain.accounts.errors import TooManyAttemptsError
from domain.accounts.principal import Principal
from domain.shared.errors import TooManyRequestsError
from domain.shared.network import network_of
from entrypoints.http.contract import RouteClass
from entrypoints.http.rate_limit import ATTEMPTS, TOKEN, name_of, policies_of, set_fields


def throttling(
    throttle: AttemptThrottle,
    limits: tuple[AttemptLimit, ...],
    attempts: Mapping[RouteClass, AttemptLimit],
) -> Callable[[ASGIApp], ASGIApp]:
    """A middleware that holds every request against ``limits``, by class of route and subject.

    ``attempts`` are limits that use cases keep by themselves; here they are only told.
    """
    requests = [(name_of(limit), limit) for limit in limits]
    policies = {
        route_class: policies_of(
            [*requests, (ATTEMPTS, attempts[route_class])] if route_class in attempts else requests
        )
        for route_class in RouteClass
    }

    def create(app: ASGIApp) -> ASGIApp:
        async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
            route_class = scope["route_handler"].opt.get("route_class", RouteClass.UNLIMITED)
            if route_class is not RouteClass.UNLIMITED:
                own = Attempts(key=f"{route_class}:{subject_of(scope)}", limits=limits)
                token = token_of(scope)
                admission = await throttle.admit(own, *token)
                of_token = [(TOKEN, limit) for subject in token for limit in subject.limits]
                policy = name_of(admission.limit) if admission.limit in limits else TOKEN
                set_fields(
                    scope,
                    b",".join(filter(None, (policies[route_class], policies_of(of_token)))),
                    policy,
                    admission.remaining,
                    admission.reset,
                )
                if admission.wait:
                    scope["state"]["refused_by"] = policy
                    raise _refusal(route_class, admission.wait)
            await app(scope, receive, send)

        return middleware

    return create


def subject_of(scope: Scope) -> str:
    """Whose requests are counted together.

    The account, however it is reached, and for those who are nobody yet the network that they
    come from.
    """
    state = scope["state"]
    if "user_id" in state:
        return f"account:{state['user_id']}"
    return f"network:{network_of(state.get('client_address'))}"


def token_of(scope: Scope) -> tuple[Attempts, ...]:
    """An API token whose owner has given it less than the account may do."""
    principal = scope.get("auth")
    if not isinstance(principal, Principal) or principal.requests_per_minute is None:
        return ()
    limit = AttemptLimit(attempts=principal.requests_per_minute, seconds=60)
    return (Attempts(key=f"token:{principal.token_id}/{limit.attempts}", limits=(limit,)),)


def _refusal(route_class: RouteClass, wait: int) -> TooManyRequestsError | TooManyAttemptsError:
    detail = f"Please wait {wait} seconds before the next request."
    if route_class is RouteClass.API:
        return TooManyRequestsError(detail, retry_after=wait)
    # Clients of these operations know this code and no other for 429.
    return TooManyAttemptsError(detail, retry_after=wait)
