"""What every operation declares besides its types: who may call it, and how it can refuse."""

from enum import StrEnum
from typing import Any

from domain.accounts.errors import AuthenticationRequiredError, NotPermittedError
from domain.shared.errors import DomainError


class Access(StrEnum):
    """Who may call an operation; one without a declaration does not start."""

    PUBLIC = "public"
    MEMBER = "member"
    ADMIN = "admin"


def contract(
    access: Access, *refusals: type[DomainError], patient: bool = False, **shapes: object
) -> dict[str, Any]:
    """The ``opt`` of a route handler.

    ``patient`` operations get ten times the usual deadline. ``shapes`` are handed to
    ``entrypoints.openapi`` for bodies that Litestar cannot describe.
    """
    if access is Access.ADMIN:
        refusals = (NotPermittedError, *refusals)
    if access is not Access.PUBLIC:
        refusals = (AuthenticationRequiredError, *refusals)
    return {"access": access, "refusals": refusals, "patient": patient, **shapes}
