"""What every operation declares besides its types: how it can refuse, and how long it may take.

Who may call it is said in one place for all, ``domain.accounts.policy``.
"""

from enum import StrEnum
from typing import Any

from domain.accounts.errors import (
    AuthenticationRequiredError,
    FreshAuthenticationRequiredError,
    InsufficientScopeError,
    NotPermittedError,
)
from domain.accounts.policy import POLICY, Rule
from domain.accounts.role import Role
from domain.shared.errors import (
    DomainError,
    IdempotencyKeyReusedError,
    RequestInProgressError,
    TooManyRequestsError,
)


class RouteClass(StrEnum):
    """Which requests of one subject are counted together."""

    API = "api"
    SIGN_IN = "sign-in"
    REGISTRATION = "registration"
    UNLIMITED = "unlimited"


def contract(
    *refusals: type[DomainError],
    patient: bool = False,
    idempotent: bool = False,
    needs_no_key: str | None = None,
    tagged: bool = False,
    urgent: bool = False,
    route_class: RouteClass = RouteClass.API,
    **shapes: object,
) -> dict[str, Any]:
    """The ``opt`` of a route handler.

    ``patient`` operations get ten times the usual deadline. A POST is ``idempotent``, that is, it
    takes an ``Idempotency-Key``, or says why it ``needs_no_key``. The answer of a ``tagged``
    operation has an entity tag: a GET takes ``If-None-Match``, what changes it ``If-Match``.
    ``urgent`` ones have connections to the database that nothing else can take.
    ``shapes`` are handed to ``entrypoints.openapi`` for bodies that Litestar cannot describe.
    """
    if idempotent:
        refusals = (*refusals, RequestInProgressError, IdempotencyKeyReusedError)
    if route_class is RouteClass.API:
        refusals = (*refusals, TooManyRequestsError)
    return {
        "refusals": refusals,
        "route_class": route_class,
        "patient": patient,
        "idempotent": idempotent,
        "needs_no_key": needs_no_key,
        "tagged": tagged,
        "urgent": urgent,
        **shapes,
    }


def rule_of(handler: Any) -> Rule | None:
    """The row of the policy for a route handler, ``None`` where there is none."""
    return POLICY.get(str(handler.operation_id))


def refusals_by_policy(rule: Rule) -> tuple[type[DomainError], ...]:
    """How an operation under ``rule`` can refuse before its handler runs."""
    if rule.roles is None:
        return ()
    return (
        AuthenticationRequiredError,
        InsufficientScopeError,
        *([NotPermittedError] if rule.roles != frozenset(Role) else []),
        *([FreshAuthenticationRequiredError] if rule.fresh else []),
    )
