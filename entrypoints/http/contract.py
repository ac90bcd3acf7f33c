"""What every operation declares besides its types: who may call it, and how it can refuse."""

from enum import StrEnum
from typing import Any

from domain.accounts.errors import AuthenticationRequiredError
from domain.shared.errors import DomainError, IdempotencyKeyReusedError, RequestInProgressError


class Access(StrEnum):
    """Who may call an operation; one without a declaration does not start."""

    PUBLIC = "public"
    MEMBER = "member"


def contract(
    access: Access,
    *refusals: type[DomainError],
    patient: bool = False,
    idempotent: bool = False,
    needs_no_key: str | None = None,
    tagged: bool = False,
    **shapes: object,
) -> dict[str, Any]:
    """The ``opt`` of a route handler.

    ``patient`` operations get ten times the usual deadline. A POST is ``idempotent``, that is, it
    takes an ``Idempotency-Key``, or says why it ``needs_no_key``. The answer of a ``tagged``
    operation has an entity tag: a GET takes ``If-None-Match``, what changes it ``If-Match``.
    ``shapes`` are handed to ``entrypoints.openapi`` for bodies that Litestar cannot describe.
    """
    if access is Access.MEMBER:
        refusals = (AuthenticationRequiredError, *refusals)
    if idempotent:
        refusals = (*refusals, RequestInProgressError, IdempotencyKeyReusedError)
    return {
        "access": access,
        "refusals": refusals,
        "patient": patient,
        "idempotent": idempotent,
        "needs_no_key": needs_no_key,
        "tagged": tagged,
        **shapes,
    }
