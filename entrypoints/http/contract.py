"""What every operation declares besides its types: who may call it, and how it can refuse."""

from enum import StrEnum
from typing import Any

from domain.accounts.errors import AuthenticationRequiredError
from domain.shared.errors import DomainError, TooManyRequestsError


class Access(StrEnum):
    """Who may call an operation; one without a declaration does not start."""

    PUBLIC = "public"
    MEMBER = "member"


class RouteClass(StrEnum):
    """Which requests of one subject are counted together."""

    API = "api"
    SIGN_IN = "sign-in"
    REGISTRATION = "registration"
    UNLIMITED = "unlimited"


def contract(
    access: Access,
    *refusals: type[DomainError],
    patient: bool = False,
    route_class: RouteClass = RouteClass.API,
    **shapes: object,
) -> dict[str, Any]:
    """The ``opt`` of a route handler.

    ``patient`` operations get ten times the usual deadline. ``shapes`` are handed to
    ``entrypoints.openapi`` for bodies that Litestar cannot describe.
    """
    if access is Access.MEMBER:
        refusals = (AuthenticationRequiredError, *refusals)
    if route_class is RouteClass.API:
        refusals = (*refusals, TooManyRequestsError)
    return {
        "access": access,
        "refusals": refusals,
        "patient": patient,
        "route_class": route_class,
        **shapes,
    }
